#include "recording/run_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "recording/event_json.h"
#include "recording/start_events.h"
#include "recording/start_json.h"
#include "recording/tensorboard.h"

namespace delstep {
namespace {

constexpr std::size_t kEnough =
    1 << 20;  // bytes of events that are written before the command's end
constexpr std::string_view kScriptHeader =
    "# The commands of a run. In its folder, this runs it again, as long as the files are "
    "unchanged\n"
    "# that config.toml and commands name by a full path:\n"
    "#   delstep config.toml --keep-going -f script.del\n";

constexpr std::string_view kRuleCopy = "aggregation.cpp";

/// Of the script of a run that was resumed.
std::string HeaderAfter(const ResumedFrom& resumed) {
  std::error_code failed;
  const auto full = std::filesystem::absolute(resumed.checkpoint, failed);
  return fmt::format(
      "# The commands of a run that went on from a checkpoint. This runs them again:\n"
      "#   delstep --resume {} --keep-going -f script.del\n",
      failed ? resumed.checkpoint : full.lexically_normal().string());
}

/// The name of the copy of topology.file; empty where the run has none.
// Its own ending: that says which format it is.
std::string TopologyCopy(const TopologyOptions& topology) {
  if (topology.name != "file") return {};
  return "topology" + Lower(std::filesystem::path(topology.file).extension().string());
}

/// The name of the copy of a rule of aggregation that is a C++ file; empty where it is none.
std::string RuleCopy(const AggregationOptions& aggregation) {
  return Lower(aggregation.name).ends_with(".cpp") ? std::string(kRuleCopy) : "";
}

/// The name of the copy of a behaviour that is a C++ file; empty where it is none. Events tell the
/// name, so a run that is repeated must find the same one.
std::string BehaviourCopy(const BehaviourOptions& behaviour) {
  if (!Lower(behaviour.name).ends_with(".cpp")) return {};
  const std::string name = std::filesystem::path(behaviour.name).filename().string();
  return name == kRuleCopy ? "behaviour.cpp" : name;
}

/// A file that the run begins with, and its copy in the folder.
struct Copied {
  std::string key;  ///< that names it
  std::string file;
  std::string copy;  ///< empty: there is none
};
std::vector<Copied> CopiedFiles(const Scenario& scenario) {
  return {{"topology.file", scenario.topology.file, TopologyCopy(scenario.topology)},
          {"aggregation.name", scenario.aggregation.name, RuleCopy(scenario.aggregation)},
          {"behaviour.name", scenario.behaviour.name, BehaviourCopy(scenario.behaviour)}};
}

/// All that a run may write into its folder.
std::vector<std::string> NamesOfRun(const std::vector<Copied>& copied) {
  std::vector<std::string> names = {"events.jsonl", "config.toml",  "script.del",
                                    "results.csv",  "metrics.csv",  "environment.json",
                                    "start.json",   "positions.csv"};
  names.push_back((std::filesystem::path(kTensorboardFolder) / kTensorboardFile).string());
  for (const Copied& file : copied)
    if (!file.copy.empty()) names.push_back(file.copy);
  return names;
}

/// Removes again what was made for a run that could not begin: the next try would find a run. Only
/// what this one made: another run may have begun in the same folder.
class MadeForRun {
 public:
  /// Before the folder is made.
  explicit MadeForRun(const std::filesystem::path& folder) {
    std::error_code failed;
    for (auto at = std::filesystem::absolute(folder, failed).lexically_normal();
         !failed && !at.empty() && !std::filesystem::exists(at, failed) && at != at.parent_path();
         at = at.parent_path())
      if (at.has_filename()) folders_.push_back(at);
  }
  MadeForRun(const MadeForRun&) = delete;
  MadeForRun& operator=(const MadeForRun&) = delete;
  ~MadeForRun() {
    std::error_code ignored;
    if (kept_) return;
    for (const auto& file : files_) std::filesystem::remove(file, ignored);
    // The innermost first; one that holds anything else stays.
    for (const auto& made : folders_) std::filesystem::remove(made, ignored);
  }

  void Add(std::filesystem::path file) { files_.push_back(std::move(file)); }
  void Keep() { kept_ = true; }

 private:
  std::vector<std::filesystem::path> folders_, files_;
  bool kept_ = false;
};

Result<AppendFile> Begin(MadeForRun& made, const std::filesystem::path& path,
                         std::string_view text) {
  DELSTEP_ASSIGN(AppendFile file, AppendFile::Create(path));
  made.Add(path);
  DELSTEP_TRY(file.Append(text));
  return file;
}

Result<AppendFile> BeginTensorboard(MadeForRun& made, const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directory(folder, failed);
  if (failed)
    return BadFile("cannot make the folder '" + folder.string() + "': " + failed.message());
  return Begin(made, folder / kTensorboardFile, TensorboardHeader());
}

/// Nothing to do where there is no copy.
Result<void> CopyInto(MadeForRun& made, const std::filesystem::path& folder, const Copied& copied) {
  const auto& [key, file, name] = copied;
  if (name.empty()) return {};
  std::error_code failed;
  std::filesystem::copy_file(file, folder / name, failed);
  if (failed != std::errc::file_exists) made.Add(folder / name);
  if (!failed) return {};
  return BadFile("cannot copy '" + file + "' into the folder '" + folder.string() +
                 "': " + failed.message());
}

std::string FullPath(const std::string& file) {
  std::error_code failed;
  const auto full = std::filesystem::absolute(file, failed);
  return failed ? file : full.lexically_normal().string();
}

Result<void> Prepare(const std::filesystem::path& folder, const std::vector<Copied>& copied) {
  if (folder.native().starts_with('~'))
    return BadFile("cannot make the folder '" + folder.string() + "': there is no such user",
                   "of a folder that has this name: './" + folder.string() + "'")
        .At("");
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed || !std::filesystem::is_directory(folder, failed))
    return BadFile("cannot make the folder '" + folder.string() + "'" +
                       (failed ? ": " + failed.message() : ", which is something else"),
                   "choose another folder with --out")
        .At("");
  // Any of its files means that the folder holds a run, whole or not.
  for (const std::string& name : NamesOfRun(copied))
    if (std::filesystem::exists(folder / name, failed))
      return Refused("the folder '" + folder.string() + "' holds a run already: " + name,
                     "choose another folder with --out, or move this one away");
  return {};
}

bool IsInterrupt(int code) {
  return code == static_cast<int>(ErrorCode::kInterrupted) ||
         code == static_cast<int>(ErrorCode::kTerminated);
}

}  // namespace

std::string ConfigOfRecord(const Config& config) {
  Config recorded = config;
  for (const auto& [key, file, copy] : CopiedFiles(config.scenario())) {
    if (copy.empty()) continue;
    [[maybe_unused]] const auto set = recorded.Set(key, copy, {});
    assert(set);
  }
  // Files that are not copied are named so that they are found from any folder.
  const Scenario& scenario = config.scenario();
  for (const auto& [key, file] :
       {std::pair{"data.path", scenario.data.path}, std::pair{"model.file", scenario.model.file},
        std::pair{"model.weights", scenario.model.weights},
        std::pair{"mobility.file", scenario.mobility.file},
        std::pair{"compute.file", scenario.compute.file},
        std::pair{"churn.file", scenario.churn.file},
        std::pair{"topology.file",
                  scenario.topology.name == "contacts" ? scenario.topology.file : ""}}) {
    if (file.empty()) continue;
    [[maybe_unused]] const auto set = recorded.Set(key, FullPath(file), {});
    assert(set);
  }
  return recorded.ToToml();
}

Result<std::unique_ptr<RunDirectory>> RunDirectory::Create(const std::filesystem::path& folder,
                                                           const RunFacts& facts,
                                                           const Simulation& simulation) {
  const std::vector<Copied> copied =
      facts.resumed ? std::vector<Copied>() : CopiedFiles(simulation.scenario());
  const bool tensorboard = simulation.scenario().recording.tensorboard;
  MadeForRun making(tensorboard ? folder / kTensorboardFolder : folder);
  DELSTEP_TRY(Prepare(folder, copied));
  for (const Copied& file : copied) DELSTEP_TRY(CopyInto(making, folder, file));
  DELSTEP_TRY(Begin(making, folder / "config.toml", facts.config));
  DELSTEP_TRY(Begin(making, folder / "environment.json", facts.environment));
  DELSTEP_TRY(Begin(making, folder / "start.json", StartJson(simulation, facts.scenario)));
  DELSTEP_ASSIGN(AppendFile events, Begin(making, folder / "events.jsonl", ""));
  DELSTEP_ASSIGN(AppendFile script,
                 Begin(making, folder / "script.del",
                       facts.resumed ? HeaderAfter(*facts.resumed) : std::string(kScriptHeader)));
  DELSTEP_ASSIGN(AppendFile results, Begin(making, folder / "results.csv", ""));
  DELSTEP_ASSIGN(AppendFile metrics, Begin(making, folder / "metrics.csv", kMetricsHeader));
  std::optional<AppendFile> curves;
  if (tensorboard) {
    DELSTEP_ASSIGN(AppendFile begun, BeginTensorboard(making, folder / kTensorboardFolder));
    curves.emplace(std::move(begun));
  }
  std::optional<AppendFile> positions;
  if (DrawnArea(simulation.scenario())) {
    DELSTEP_ASSIGN(AppendFile begun, Begin(making, folder / "positions.csv", kPositionsHeader));
    positions.emplace(std::move(begun));
  }
  // "out/", "." and "out" all have a name to put into the column `run`.
  const auto named = std::filesystem::absolute(folder).lexically_normal();
  const std::string run = (named.has_filename() ? named : named.parent_path()).filename().string();
  std::unique_ptr<RunDirectory> made(
      new RunDirectory({.events = std::move(events),
                        .script = std::move(script),
                        .results = std::move(results),
                        .metrics = std::move(metrics),
                        .tensorboard = std::move(curves),
                        .positions = std::move(positions)},
                       Metrics(run, facts.resumed ? facts.resumed->commands : 0), simulation));
  if (!facts.resumed) made->TellBeginning();
  if (made->failure_) return *made->failure_;
  making.Keep();
  return made;
}

RunDirectory::RunDirectory(Files files, Metrics metrics, const Simulation& simulation)
    : files_(std::move(files)),
      simulation_(simulation),
      addresses_(simulation),
      metrics_(std::move(metrics)),
      positions_(simulation),
      cycle_(simulation.cycle()) {
  Write(files_.results, results_.Take());
  if (files_.tensorboard) metrics_.KeepRows();
}

/// The beginning of a run makes no events: it is told in the same form, so that a reader of events
/// needs nothing else.
void RunDirectory::TellBeginning() {
  for (const Event& event : EventsOfStart(simulation_)) AppendEventJson(event, addresses_, events_);
  WriteEvents();
  if (files_.positions) Write(*files_.positions, positions_.Beginning(simulation_, addresses_));
}

RunDirectory::~RunDirectory() {
  WriteEvents();
  Write(files_.results, results_.Finish());
}

void RunDirectory::Write(AppendFile& file, std::string_view text) {
  // After the first failure nothing more is written: a record with a hole would be worse than a
  // short one.
  if (failure_ || text.empty()) return;
  if (const auto written = file.Append(text); !written) failure_ = written.error();
}

void RunDirectory::WriteEvents() {
  Write(files_.events, events_);
  events_.clear();
}

void RunDirectory::WriteMetrics(std::string_view rows) {
  Write(files_.metrics, rows);
  if (files_.tensorboard) Write(*files_.tensorboard, TensorboardScalars(metrics_.Take()));
}

void RunDirectory::Record(const Event& event) {
  addresses_.Learn(event);
  restored_ |= std::holds_alternative<Restored>(event.what);
  metrics_.Learn(event);
  positions_.Learn(event);
  AppendEventJson(event, addresses_, events_);
  // A command with very many events does not hold all of them in memory.
  if (events_.size() >= kEnough) WriteEvents();
  if (const auto* tested = std::get_if<Evaluated>(&event.what))
    results_.Add({.cycle = event.cycle,
                  .node = addresses_[tested->node],
                  .scope = Name(tested->scope),
                  .loss = tested->loss,
                  .accuracy = tested->accuracy});
  // Whoever was done when a command is interrupted: the script repeats just these.
  if (const auto* trained = std::get_if<Trained>(&event.what)) learned_.push_back(trained->node);
  if (const auto* aggregated = std::get_if<Aggregated>(&event.what))
    learned_.push_back(aggregated->node);
}

void RunDirectory::EndPlanned(std::uint64_t cycle) {
  WriteMetrics(metrics_.EndPart(simulation_, cycle, addresses_));
}

void RunDirectory::EndCommand(const CommandDone& command, const Redo& redo,
                              std::string_view for_script) {
  // Another branch may have given a number to another node.
  if (std::exchange(restored_, false)) addresses_ = AddressBook(simulation_);
  AppendEventJson({.at = simulation_.now(), .cycle = cycle_, .what = command}, addresses_, events_);
  WriteEvents();
  Write(files_.results, results_.Take());
  WriteMetrics(metrics_.EndCommand(simulation_, cycle_, addresses_));
  if (files_.positions) Write(*files_.positions, positions_.EndCommand(simulation_, addresses_));
  WriteScript(command, redo, for_script);
  learned_.clear();
  // Events of a command belong to the cycle in which it began.
  cycle_ = simulation_.cycle();
}

void RunDirectory::WriteScript(const CommandDone& command, const Redo& redo,
                               std::string_view for_script) {
  // Commands that failed are in the script too: a part of their work may have been done before the
  // error, and is done again.
  if (!IsInterrupt(command.code)) return Write(files_.script, std::string(for_script) + '\n');
  Comment("# interrupted: " + command.text);
  if (redo.command.empty() || (redo.names_nodes && learned_.empty())) return;
  // The script repeats what was done of the interrupted command, so that playing it gives the same
  // models.
  std::string done(redo.command);
  if (redo.names_nodes)
    for (const NodeId node : learned_) done += ' ' + addresses_[node];
  Write(files_.script, done + '\n');
}

void RunDirectory::Comment(std::string_view text) {
  std::string line(text);
  // A comment ends with its line: what follows would be run.
  std::replace(line.begin(), line.end(), '\n', ' ');
  Write(files_.script, line + '\n');
}

}  // namespace delstep
