#include "recording/run_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "recording/copied_files.h"
#include "recording/event_json.h"
#include "recording/made_for_run.h"
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

/// Of the script of a run that was resumed.
std::string HeaderAfter(const ResumedFrom& resumed) {
  std::error_code failed;
  const auto full = std::filesystem::absolute(resumed.checkpoint, failed);
  return fmt::format(
      "# The commands of a run that went on from a checkpoint. This runs them again:\n"
      "#   delstep --resume {} --keep-going -f script.del\n",
      failed ? resumed.checkpoint : full.lexically_normal().string());
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
  DELSTEP_TRY(
      Begin(making, folder / "start.json",
            StartJson(simulation, facts.scenario, facts.resumed ? facts.resumed->commands : 0)));
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
  // Code of the user's own that works by the next time would do after all what is not there now.
  if (redo.taken_back) return Comment("# taken back: " + command.text);
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
