#include "scenario/catalogue.h"

#include <map>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "base/text.h"
#include "scenario/config.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path>& Folders() {
  static std::vector<fs::path> folders;
  return folders;
}

bool IsThere(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

Result<ScenarioEntry> EntryOf(const fs::path& file) {
  DELSTEP_ASSIGN(const std::string text, ReadText(file));
  const std::string_view first = Trim(std::string_view(text).substr(0, text.find('\n')));
  ScenarioEntry entry{.name = file.stem().string(), .about = {}, .file = file, .script = {}};
  if (first.starts_with('#')) entry.about = Trim(first.substr(1));
  fs::path script = file;
  if (script.replace_extension(".del"); IsThere(script)) entry.script = std::move(script);
  return entry;
}

}  // namespace

void LookForScenariosIn(std::vector<fs::path> folders) { Folders() = std::move(folders); }

std::span<const fs::path> KnownScenarioFolders() { return Folders(); }

std::vector<ScenarioEntry> ListScenarios() {
  std::map<std::string, ScenarioEntry> found;
  for (const fs::path& folder : Folders()) {
    std::error_code error;
    for (fs::directory_iterator file(folder, error), end; !error && file != end;
         file.increment(error)) {
      const fs::path& path = file->path();
      const std::string name = path.stem().string();
      if (path.extension() != ".toml" || found.contains(name)) continue;
      if (auto entry = EntryOf(path)) found.emplace(name, *std::move(entry));
    }
  }
  std::vector<ScenarioEntry> entries;
  for (auto& [name, entry] : found) entries.push_back(std::move(entry));
  return entries;
}

Result<ScenarioEntry> ShowScenario(std::string_view name_or_file) {
  DELSTEP_ASSIGN(const fs::path file, FindScenario(name_or_file, Folders()));
  return EntryOf(file);
}

std::string FindScript(const std::string& path) {
  const fs::path wanted(path);
  if (wanted.has_parent_path() || wanted.extension() != ".del" || IsThere(wanted)) return path;
  for (const fs::path& folder : Folders())
    if (fs::path script = folder / wanted; IsThere(script)) return script.string();
  return path;
}

}  // namespace delstep
