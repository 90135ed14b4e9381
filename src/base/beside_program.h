#pragma once
/// Files that belong to this program: plug-ins, helper programs, scenarios. They are found from
/// where the program is, so that an installation can be moved.
///
/// An installation, PREFIX being /usr, /usr/local or any other folder:
///
///     PREFIX/bin/delstep
///     PREFIX/lib/delstep/      plug-ins and helper programs
///     PREFIX/share/delstep/    scenarios; data sets, if somebody puts them there
///     PREFIX/include/delstep/  what a user's C++ file needs
#include <filesystem>

namespace delstep {

/// PREFIX, if the program is PREFIX/bin/NAME and PREFIX/share/delstep is there; else empty: it runs
/// where it was built.
std::filesystem::path InstalledUnder();

/// Where this code lies in a library of another program, such as Python's, `beside the program` means
/// beside that library.
///
/// Where a part of this program is, which the build has put at `built`: beside the program, if a
/// file of that name is there; as PREFIX/lib/delstep/INSTALLED of an installation; else where it was
/// built. It need not exist. Without `installed` the name is that of `built`.
std::filesystem::path BesideProgram(const std::filesystem::path& built,
                                    const std::filesystem::path& installed = {});

}  // namespace delstep
