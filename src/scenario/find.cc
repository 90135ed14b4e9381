// Finding the file of a scenario.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "base/files.h"
#include "base/nearest_file.h"
#include "base/text.h"
#include "scenario/config.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

bool IsTomlFile(const fs::path& path) { return Lower(path.extension().string()) == ".toml"; }

std::vector<std::string> ScenariosIn(std::span<const fs::path> folders) {
  std::set<std::string> names;
  for (const fs::path& folder : folders) {
    std::error_code error;
    // A folder that is not there has no scenarios; that is no error.
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
      if (IsTomlFile(entry->path())) names.insert(entry->path().stem().string());
  }
  return {names.begin(), names.end()};
}

}  // namespace

Result<fs::path> FindScenario(std::string_view name_or_file, std::span<const fs::path> folders) {
  std::error_code ignored;
  const fs::path path(ExpandHome(name_or_file));
  if (IsTomlFile(path)) {
    if (fs::exists(path, ignored)) return path;
    const std::string near = NearestFile(path.string(), ".toml");
    return BadFile(
        fmt::format("cannot open '{}': {}", path.string(), OpenFailure(path, ENOENT)),
        near.empty() ? "check its name and folder" : fmt::format("did you mean '{}'?", near));
  }
  // A bare word is the name of a scenario; with a slash in it a path is meant.
  if (path.has_filename() && !path.has_parent_path()) {
    for (const fs::path& folder : folders) {
      const fs::path file = folder / fmt::format("{}.toml", name_or_file);
      if (fs::exists(file, ignored)) return file;
    }
  }
  const auto known = ScenariosIn(folders);
  const std::string ending = Lower(path.extension().string());
  std::string hint = DidYouMean(name_or_file, known);
  if (const std::string near = NearestFile(path.string(), ".toml"); !near.empty() && hint.empty())
    hint = fmt::format("did you mean '{}'?", near);
  if (ending == ".del") hint = fmt::format("a script is run with -f: delstep -f {}", name_or_file);
  return UsageError(
      fmt::format("no scenario named '{}'; there {}: {}", name_or_file,
                  known.size() == 1 ? "is" : "are", known.empty() ? "none" : Join(known, ", ")),
      hint.empty() ? "a file's name must end in .toml" : hint);
}

}  // namespace delstep
