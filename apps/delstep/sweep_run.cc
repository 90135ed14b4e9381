#include "apps/delstep/sweep_run.h"

#include <fmt/format.h>

#include <fstream>
#include <ostream>
#include <system_error>

#include "base/csv.h"
#include "base/files.h"
#include "base/text.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStateFile = "sweep.state";
constexpr std::string_view kBegunWord = " begun\n", kDoneWord = " done\n";

Result<void> WriteState(const SweepRun& run, std::string_view word) {
  return ReplaceFile((run.folder / kStateFile).string(), run.task + std::string(word));
}

/// The lines of a table behind the values of its run; of the first one the header too.
Result<void> AddRows(const SweepRun& run, bool with_header, std::ostream& table) {
  const fs::path file = run.folder / "metrics.csv";
  std::ifstream rows(file);
  std::string line;
  if (!std::getline(rows, line))
    return BadFile(
        fmt::format("cannot read '{}', the metrics of a run that is done", file.string()),
        "--again makes all runs anew");
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
  if (const auto state = ReadFile(run.folder / kStateFile, 1000); state) {
    if (!state->ends_with(kDoneWord)) return RunState::kBegun;
    return *state == run.task + std::string(kDoneWord) ? RunState::kDone : RunState::kOther;
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
  return WriteState(run, kBegunWord);
}

Result<void> NoteDone(const SweepRun& run) { return WriteState(run, kDoneWord); }

std::string FirstErrorOf(const SweepRun& run) {
  std::ifstream output(run.folder / "output.txt");
  for (std::string line; std::getline(output, line);)
    if (line.find("error: ") != std::string::npos) return line;
  return "";
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
