#pragma once
/// Writes a file to begin with, for `delstep new`.
#include <filesystem>
#include <string_view>

#include "delstep/result.h"

namespace delstep {

/// Never replaces a file. Errors: kRefused, with the hint `if_there`, if the file is there already;
/// kFile if it cannot be written.
Result<void> WriteNewFile(const std::filesystem::path& file, std::string_view text,
                          std::string_view if_there);

}  // namespace delstep
