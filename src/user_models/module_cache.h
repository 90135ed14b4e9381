#pragma once
/// Compiles a user's C++ file into a library, once.
///
/// The folder of the cache holds, for each file that was compiled, KEY.files (the files that it was
/// compiled from) and KEY-CONTENT.so. KEY is a hash of the path, the compiler, its flags and the
/// version of LibTorch, CONTENT one of what those files hold: so a change in a header that the file
/// includes compiles anew, and going back to an earlier text does not. Headers of LibTorch and of
/// the system count by the version alone. Entries are made elsewhere and renamed, so runs at the
/// same time do not disturb each other, and the folder may be deleted at any time. The folder
/// compiling-XXXXXX in which one is made goes with the run, and the compiler with it; one that
/// stays all the same is removed by the next call.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "delstep/result.h"
#include "user_models/toolchain.h"

namespace delstep {

/// Is told, in lines of text, what takes time and what the compiler warns of. May be empty.
using Say = std::function<void(std::string_view text)>;

/// $XDG_CACHE_HOME/delstep, else $HOME/.cache/delstep, else delstep-UID in the folder for temporary
/// files.
std::filesystem::path ModuleCacheFolder();

/// The library that `source` compiles to. Errors: kFile if it cannot be read or does not compile,
/// with all that the compiler says, or the cache cannot be written; kInterrupted after a stop of
/// this thread (see CurrentStop); those of CheckToolchain().
Result<std::filesystem::path> CompileModule(const std::filesystem::path& source,
                                            const Toolchain& toolchain,
                                            const std::filesystem::path& cache, const Say& say);

/// A hash of what `source` and the files that it includes hold, if the cache has the library that this
/// toolchain made of them as they are; else nothing.
std::optional<std::string> CompiledContent(const std::filesystem::path& source,
                                           const Toolchain& toolchain,
                                           const std::filesystem::path& cache);
/// The same, of a file of any kind that this program compiles, in ModuleCacheFolder().
std::optional<std::uint64_t> HashOfSource(const std::string& source);

}  // namespace delstep
