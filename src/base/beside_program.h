#pragma once
/// Files that belong to this program: plug-ins and helper programs.
#include <filesystem>

namespace delstep {

/// Where a part of this program is, which the build has put at `built`: beside the program, as
/// installed, if a file of that name is there; else where it was built. It need not exist.
std::filesystem::path BesideProgram(const std::filesystem::path& built);

}  // namespace delstep
