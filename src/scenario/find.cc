// Finding the file of a scenario.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "scenario/config.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> ScenariosIn(std::span<const fs::path> folders) {
  std::set<std::string> names;
  for (const fs::path& folder : folders) {
    std::error_code error;
    // A folder that is not there has no scenarios; that is no error.
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
      if (entry->path().extension() == ".toml") names.insert(entry->path().stem().string());
  }
  return {names.begin(), names.end()};
}

}  // namespace

Result<fs::path> FindScenario(std::string_view name_or_file, std::span<const fs::path> folders) {
  std::error_code ignored;
  const fs::path path(name_or_file);
  if (path.extension() == ".toml") {
    if (fs::exists(path, ignored)) return path;
    return BadFile(fmt::format("no file '{}'", name_or_file), "check its name and folder");
  }
  // A bare word is the name of a scenario; with a slash in it a path is meant.
  if (path.has_filename() && !path.has_parent_path()) {
    for (const fs::path& folder : folders) {
      const fs::path file = folder / fmt::format("{}.toml", name_or_file);
      if (fs::exists(file, ignored)) return file;
    }
  }
  const auto known = ScenariosIn(folders);
  const std::string hint = DidYouMean(name_or_file, known);
  return UsageError(
      fmt::format("no scenario named '{}'; there {}: {}", name_or_file,
                  known.size() == 1 ? "is" : "are", known.empty() ? "none" : Join(known, ", ")),
      hint.empty() ? "a file's name must end in .toml" : hint);
}

}  // namespace delstep
