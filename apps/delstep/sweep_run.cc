#include "apps/delstep/sweep_run.h"

#include <fmt/format.h>

#include <fstream>
#include <ostream>
#include <set>
#include <string>
#include <system_error>

#include "base/csv.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStateFile = "sweep.state";
constexpr std::size_t kLongestState = 1000;
constexpr std::string_view kDoneWord = " done ";
/// Of the state: another one wherever a task is read or hashed in another way than before.
constexpr std::string_view kVersion = "2 ";

std::string StateWith(const SweepRun& run, std::string_view word) {
  return fmt::format("{}{}{}", kVersion, run.task, word);
}

Result<void> WriteState(const SweepRun& run, std::string_view word) {
  return ReplaceFile((run.folder / kStateFile).string(), StateWith(run, word));
}

std::string BegunWord(const SweepRun& run) { return fmt::format(" begun by {}\n", run.beginner); }

fs::path MetricsOf(const SweepRun& run) { return run.folder / "metrics.csv"; }

/// What is noted when the run is done: a table that is cut later, or lost, is told by it.
Result<std::string> DoneWord(const SweepRun& run) {
  DELSTEP_ASSIGN(const std::string metrics, ReadFile(MetricsOf(run)));
  return fmt::format("{}{}\n", kDoneWord, HexHash(HashText(metrics)));
}

/// The lines of a table behind the values of its run; of the first one the header too.
Result<void> AddRows(const SweepRun& run, bool with_header, std::ostream& table) {
  const fs::path file = MetricsOf(run);
  std::ifstream rows(file);
  std::string line;
  if (!std::getline(rows, line))
    return BadFile(
        fmt::format("cannot read '{}', the metrics of a run that is done", file.string()),
        "give the same command again: it makes this run anew");
  std::string keys, values;
  for (const auto& [key, value] : run.values) {
    keys += CsvField(key) + ',';
    values += CsvField(value) + ',';
  }
  if (with_header) table << keys << line << '\n';
  // A field never has a line end in it: names of runs, nodes, groups and metrics have none.
  while (std::getline(rows, line)) table << values << line << '\n';
  return {};
}

}  // namespace

RunState StateOf(const SweepRun& run) {
  std::error_code failed;
  if (!fs::exists(run.folder, failed)) return RunState::kNew;
  if (const auto state = ReadFile(run.folder / kStateFile, kLongestState); state) {
    if (!state->starts_with(kVersion)) return RunState::kEarlier;
    if (!state->starts_with(StateWith(run, " "))) return RunState::kOther;
    const auto done = DoneWord(run);
    return done && *state == StateWith(run, *done) ? RunState::kDone : RunState::kBegun;
  }
  const bool empty = fs::is_directory(run.folder, failed) && fs::is_empty(run.folder, failed);
  return empty && !failed ? RunState::kNew : RunState::kForeign;
}

Result<void> PrepareFolder(const SweepRun& run) {
  std::error_code failed;
  fs::remove_all(run.folder, failed);
  if (!failed) fs::create_directories(run.folder, failed);
  if (failed)
    return BadFile(
        fmt::format("cannot make the folder '{}': {}", run.folder.string(), failed.message()));
  return MarkAsBegun(run);
}

Result<void> MarkAsBegun(const SweepRun& run) { return WriteState(run, BegunWord(run)); }

Result<void> NoteDone(const SweepRun& run) {
  DELSTEP_ASSIGN(const std::string state, ReadFile(run.folder / kStateFile, kLongestState));
  if (state != StateWith(run, BegunWord(run)))
    return Refused(fmt::format("another sweep has begun '{}' anew while its run was under way",
                               run.folder.string()),
                   "let one sweep at a time work in a folder, then give the same command again");
  DELSTEP_ASSIGN(const std::string word, DoneWord(run));
  return WriteState(run, word);
}

std::string FirstErrorOf(const SweepRun& run) {
  std::ifstream output(run.folder / "output.txt");
  for (std::string line; std::getline(output, line);)
    if (line.find("error: ") != std::string::npos) return line;
  return "";
}

std::size_t CountOtherRuns(const std::vector<SweepRun>& runs, const fs::path& folder) {
  std::set<std::string> ours;
  for (const SweepRun& run : runs) ours.insert(run.name);
  std::size_t others = 0;
  std::error_code failed;
  for (fs::directory_iterator i(folder, failed), end; !failed && i != end; i.increment(failed))
    if (!ours.contains(i->path().filename().string()) && fs::exists(i->path() / kStateFile, failed))
      ++others;
  return others;
}

Result<void> GatherTable(const std::vector<SweepRun>& runs, const fs::path& file) {
  Result<void> added;
  const auto written = ReplaceFile(file.string(), [&](std::ostream& table) {
    bool first = true;
    for (const SweepRun& run : runs) {
      if (!run.done() || !added) continue;
      added = AddRows(run, std::exchange(first, false), table);
    }
  });
  return added ? written : added;
}

}  // namespace delstep
