#include "recording/run_directory.h"

#include <algorithm>
#include <cassert>

#include "base/text.h"
#include "recording/event_json.h"

namespace delstep {
namespace {

constexpr std::size_t kEnough =
    1 << 20;  // bytes of events that are written before the command's end
constexpr std::string_view kScriptHeader =
    "# The commands of a run. In its folder, this runs it again:\n"
    "#   delstep config.toml --keep-going -f script.del\n";

Result<AppendFile> Begin(const std::filesystem::path& path, std::string_view text) {
  DELSTEP_ASSIGN(AppendFile file, AppendFile::Create(path));
  DELSTEP_TRY(file.Append(text));
  return file;
}

/// The name of the copy of topology.file; empty where the run has none.
std::string TopologyCopy(const TopologyOptions& topology) {
  if (topology.name != "file") return {};
  return "topology" + Lower(std::filesystem::path(topology.file).extension().string());
}

Result<void> CopyTopology(const std::filesystem::path& folder, const TopologyOptions& topology) {
  const std::string name = TopologyCopy(topology);
  if (name.empty()) return {};
  std::error_code failed;
  std::filesystem::copy_file(topology.file, folder / name, failed);
  if (!failed) return {};
  return BadFile("cannot copy '" + topology.file + "' into the folder '" + folder.string() +
                 "': " + failed.message());
}

Result<void> Prepare(const std::filesystem::path& folder, const std::string& topology) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed || !std::filesystem::is_directory(folder, failed))
    return BadFile("cannot make the folder '" + folder.string() + "'" +
                       (failed ? ": " + failed.message() : ", which is something else"),
                   "choose another folder with --out")
        .At("");
  for (const char* name : {"events.jsonl", "config.toml", "script.del", "results.csv",
                           "metrics.csv", "environment.json", topology.c_str()})
    if (*name != '\0' && std::filesystem::exists(folder / name, failed))
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
  const std::string copy = TopologyCopy(config.scenario().topology);
  if (copy.empty()) return config.ToToml();
  Config recorded = config;
  [[maybe_unused]] const auto set = recorded.Set("topology.file", copy, {});
  assert(set);
  return recorded.ToToml();
}

Result<std::unique_ptr<RunDirectory>> RunDirectory::Create(const std::filesystem::path& folder,
                                                           const RunFacts& facts,
                                                           const Simulation& simulation) {
  const TopologyOptions& topology = simulation.scenario().topology;
  DELSTEP_TRY(Prepare(folder, TopologyCopy(topology)));
  DELSTEP_TRY(CopyTopology(folder, topology));
  DELSTEP_TRY(Begin(folder / "config.toml", facts.config));
  DELSTEP_TRY(Begin(folder / "environment.json", facts.environment));
  DELSTEP_ASSIGN(AppendFile events, Begin(folder / "events.jsonl", ""));
  DELSTEP_ASSIGN(AppendFile script, Begin(folder / "script.del", kScriptHeader));
  DELSTEP_ASSIGN(AppendFile results, Begin(folder / "results.csv", ""));
  DELSTEP_ASSIGN(AppendFile metrics, Begin(folder / "metrics.csv", kMetricsHeader));
  const auto named = std::filesystem::absolute(folder).lexically_normal();
  const std::string run = (named.has_filename() ? named : named.parent_path()).filename().string();
  std::unique_ptr<RunDirectory> made(new RunDirectory({.events = std::move(events),
                                                       .script = std::move(script),
                                                       .results = std::move(results),
                                                       .metrics = std::move(metrics)},
                                                      run, simulation));
  if (made->failure_) return *made->failure_;
  return made;
}

RunDirectory::RunDirectory(Files files, std::string run, const Simulation& simulation)
    : files_(std::move(files)),
      simulation_(simulation),
      addresses_(simulation),
      metrics_(std::move(run)),
      cycle_(simulation.cycle()) {
  for (const NodeId node : simulation.Nodes()) {
    const NodeView view = simulation.View(node);
    const NodeAdded added{.node = node,
                          .address = view.address,
                          .name = view.name,
                          .samples = view.train_samples + view.held_out_samples,
                          .like = {}};
    AppendEventJson({.at = simulation.now(), .cycle = cycle_, .what = added}, addresses_, events_);
  }
  for (const GroupView& group : simulation.Groups()) {
    const auto note = [&](Happening what) {
      AppendEventJson({.at = simulation.now(), .cycle = cycle_, .what = std::move(what)},
                      addresses_, events_);
    };
    note(GroupCreated{.group = group.name});
    for (const NodeId node : group.members) note(GroupJoined{.group = group.name, .node = node});
  }
  WriteEvents();
  Write(files_.results, results_.Take());
}

RunDirectory::~RunDirectory() {
  WriteEvents();
  Write(files_.results, results_.Finish());
}

void RunDirectory::Write(AppendFile& file, std::string_view text) {
  if (failure_ || text.empty()) return;
  if (const auto written = file.Append(text); !written) failure_ = written.error();
}

void RunDirectory::WriteEvents() {
  Write(files_.events, events_);
  events_.clear();
}

void RunDirectory::Record(const Event& event) {
  addresses_.Learn(event);
  metrics_.Learn(event);
  AppendEventJson(event, addresses_, events_);
  if (events_.size() >= kEnough) WriteEvents();
  if (const auto* tested = std::get_if<Evaluated>(&event.what))
    results_.Add({.cycle = event.cycle,
                  .node = addresses_[tested->node],
                  .scope = Name(tested->scope),
                  .loss = tested->loss,
                  .accuracy = tested->accuracy});
  if (const auto* trained = std::get_if<Trained>(&event.what)) learned_.push_back(trained->node);
  if (const auto* aggregated = std::get_if<Aggregated>(&event.what))
    learned_.push_back(aggregated->node);
}

void RunDirectory::EndCommand(const CommandDone& command, std::string_view redo) {
  AppendEventJson({.at = simulation_.now(), .cycle = cycle_, .what = command}, addresses_, events_);
  WriteEvents();
  Write(files_.results, results_.Take());
  Write(files_.metrics, metrics_.EndCommand(simulation_, cycle_, addresses_));
  WriteScript(command, redo);
  learned_.clear();
  cycle_ = simulation_.cycle();
}

void RunDirectory::WriteScript(const CommandDone& command, std::string_view redo) {
  if (!IsInterrupt(command.code)) return Write(files_.script, command.text + '\n');
  Comment("# interrupted: " + command.text);
  if (learned_.empty() || redo.empty()) return;
  std::string done(redo);
  for (const NodeId node : learned_) done += ' ' + addresses_[node];
  Write(files_.script, done + '\n');
}

void RunDirectory::Comment(std::string_view text) {
  std::string line(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  Write(files_.script, line + '\n');
}

}  // namespace delstep
