#pragma once
/// Writes a file to begin with, for `delstep new`.
#include <filesystem>
#include <string_view>

#include "delstep/result.h"

namespace delstep {

/// Writes `text` with the name of the file in place of each `{shell}`, as a shell reads it, and of
/// each `{console}`, as a command of the console does: what its comments say to run can be run.
///
/// Never replaces a file. Errors: kRefused, with the hint `if_there`, if the file is there already;
/// kFile if it cannot be written.
Result<void> WriteNewFile(const std::filesystem::path& file, std::string_view text,
                          std::string_view if_there);

}  // namespace delstep
