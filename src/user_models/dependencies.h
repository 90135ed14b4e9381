#pragma once
/// What a compiler says a file was compiled from.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace delstep {

/// The files after the first ':' of a rule as `-MMD` writes it: blanks in names are `\ `, lines
/// go on after a `\`, `$$` is a `$`.
std::vector<std::string> ParseDependencies(std::string_view rule);

/// A C++ file, and the headers that it and they include by `#include "NAME"`, each beside the file that
/// does: what two machines can compare before anything is compiled. Names of headers that are not there
/// are among them, as they may be found elsewhere. Conditions are not looked at, nor comments.
std::vector<std::string> FilesOfSource(const std::string& source);

/// A hash of the files' contents in this order; nothing if one of them cannot be read.
std::optional<std::string> HashFiles(const std::vector<std::string>& files);

}  // namespace delstep
