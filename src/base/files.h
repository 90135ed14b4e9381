#pragma once
/// Files that are read whole, and files that are never half written.
#include <cstddef>
#include <filesystem>
#include <functional>
#include <limits>
#include <ostream>
#include <string>
#include <string_view>

#include "delstep/result.h"

namespace delstep {

/// All bytes of a file, or of a pipe to its end. Errors (kFile): it is missing, a folder, cannot be
/// read, or holds more than `most` bytes; the message names the file and the reason.
Result<std::string> ReadFile(const std::filesystem::path& path,
                             std::size_t most = std::numeric_limits<std::size_t>::max());

/// Replaces the file by what `write` puts into the stream, whole or not at all: writes beside it,
/// synchronises, renames. Errors: kFile; the old file stays.
Result<void> ReplaceFile(const std::string& path, const std::function<void(std::ostream&)>& write);
Result<void> ReplaceFile(const std::string& path, std::string_view text);

}  // namespace delstep
