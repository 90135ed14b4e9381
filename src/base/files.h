#pragma once
/// Files that are never half written.
#include <functional>
#include <ostream>
#include <string>
#include <string_view>

#include "delstep/result.h"

namespace delstep {

/// Replaces the file by what `write` puts into the stream, whole or not at all: writes beside it,
/// synchronises, renames. Errors: kFile; the old file stays.
Result<void> ReplaceFile(const std::string& path, const std::function<void(std::ostream&)>& write);
Result<void> ReplaceFile(const std::string& path, std::string_view text);

}  // namespace delstep
