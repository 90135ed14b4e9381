#include "apps/delstep/plotted_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/files.h"
#include "plotting/last_branch.h"
#include "scenario/toml.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

bool IsThere(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

Result<std::vector<RunMetrics>> ReadTable(const fs::path& file) {
  DELSTEP_ASSIGN(FileSource source, FileSource::Open(file));
  return ReadRunMetrics(source);
}

/// How many commands there were before the first one of the run's events. Nothing where the record of
/// a run that was resumed does not tell: earlier versions made such.
std::optional<std::uint64_t> CommandsBefore(const fs::path& folder) {
  std::ifstream file(folder / "start.json", std::ios::binary);
  const auto start = nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!start.is_object() || !start.contains("commands"))
    return IsThere(folder / "start.json") ? std::nullopt : std::optional<std::uint64_t>(0);
  return start["commands"].is_number_unsigned() ? start["commands"].get<std::uint64_t>() : 0;
}

/// Leaves what the run's events tell to be of its last branch, and adds its contacts. Nothing is done
/// where there are no events, as in a table that was copied alone.
Result<void> TakeBranch(const fs::path& folder, PlottedRun& run) {
  const fs::path file = folder / "events.jsonl";
  std::ifstream events(file);
  if (!events) return {};
  DELSTEP_ASSIGN(const LastBranch branch, ReadLastBranch(events, file.string()));
  run.contacts = CountContacts(branch.contacts);
  // Without it one cannot tell which rows are of which command: all are shown.
  if (const auto before = CommandsBefore(folder); before && branch.went_back)
    KeepBranch(branch, *before, run.metrics);
  return {};
}

/// The values of a run by itself; none where it has no config.toml.
Result<std::vector<std::pair<std::string, std::string>>> SettingsIn(const fs::path& folder) {
  constexpr std::array<std::string_view, 4> kOfTheMachine = {"training.threads", "test.limit",
                                                             "history.memory", "data.path"};
  std::vector<std::pair<std::string, std::string>> settings;
  const fs::path file = folder / "config.toml";
  if (!IsThere(file)) return settings;
  DELSTEP_ASSIGN(const std::string text, ReadText(file));
  DELSTEP_ASSIGN(const auto entries, ReadToml(text, file.string()));
  for (const TomlEntry& entry : entries)
    if (std::ranges::find(kOfTheMachine, entry.key) == kOfTheMachine.end())
      settings.emplace_back(entry.key, entry.value.kind == Value::Kind::kList ? JsonOf(entry.value)
                                                                              : entry.value.text);
  return settings;
}

Error NoRun(const fs::path& folder) {
  std::error_code ignored;
  if (!IsThere(folder)) return BadFile(fmt::format("there is no folder '{}'", folder.string()));
  if (!fs::is_directory(folder, ignored))
    return BadFile(fmt::format("'{}' is no folder", folder.string()),
                   fmt::format("name the folder of the run: delstep plot {}",
                               folder.has_parent_path() ? folder.parent_path().string() : "."));
  return BadFile(fmt::format("'{}' is no run directory: it has neither metrics.csv nor sweep.csv",
                             folder.string()),
                 "a run is recorded by --out DIR; several are drawn by delstep plot DIR DIR");
}

}  // namespace

Result<std::vector<PlottedRun>> ReadPlottedRuns(const std::vector<std::string>& folders) {
  std::vector<PlottedRun> runs;
  std::map<std::string, std::string> names_of_scripts;
  for (const std::string& name : folders) {
    const fs::path folder = name;
    const bool is_sweep = IsThere(folder / "sweep.csv");
    const fs::path table = folder / (is_sweep ? "sweep.csv" : "metrics.csv");
    if (!IsThere(table)) return NoRun(folder);
    DELSTEP_ASSIGN(auto read, ReadTable(table));
    for (RunMetrics& metrics : read) {
      PlottedRun run;
      if (!is_sweep) {
        DELSTEP_ASSIGN(metrics.settings, SettingsIn(folder));
        if (IsThere(folder / "script.del")) {
          DELSTEP_ASSIGN(const std::string script, ReadText(folder / "script.del"));
          const auto& first = names_of_scripts.try_emplace(script, NameOfFolder(name)).first;
          metrics.settings.emplace_back("script", first->second);
        }
      }
      // The table may come from anywhere: its names lead into the folder or nowhere.
      const fs::path of_run = is_sweep ? folder / fs::path(metrics.run).filename() : folder;
      run.metrics = std::move(metrics);
      DELSTEP_TRY(TakeBranch(of_run, run));
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

std::string NameOfFolder(const std::string& folder) {
  std::error_code failed;
  fs::path path = fs::absolute(folder, failed).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return failed || !path.has_filename() ? folder : path.filename().string();
}

}  // namespace delstep
