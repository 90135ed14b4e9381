#include "apps/delstep/resume.h"

#include <fmt/format.h>

#include <cctype>
#include <cstdlib>
#include <span>
#include <utility>

#include "apps/delstep/version.h"
#include "base/text.h"
#include "base/utf8.h"
#include "scenario/keys.h"
#include "scenario/names.h"

namespace delstep {
namespace {

/// "DELSTEP_TRAINING_THREADS".
std::string VariableOf(std::string_view key) {
  std::string name = "DELSTEP_";
  for (const char c : key)
    name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

/// What the core cannot judge: names, and values of single nodes.
Result<void> CheckNodes(const Simulation& simulation, const Config& config) {
  for (const NodeId node : simulation.Nodes()) {
    const NodeView view = simulation.View(node);
    if (!view.name.empty()) DELSTEP_TRY(CheckNodeName(view.name));
    for (const auto& [key, value] : view.own_options) {
      Config tried = config;
      DELSTEP_TRY(Simulation::CheckNodeKey(key));
      DELSTEP_TRY(tried.Set(key, fmt::format("{}", value), {}));
    }
  }
  for (const GroupView& group : simulation.Groups()) DELSTEP_TRY(CheckGroupName(group.name));
  return {};
}

/// What the environment and the arguments say of the machine.
Result<void> FollowMachine(const Arguments& arguments, Config& config) {
  for (const std::string_view key : KeysBesideResume()) {
    const std::string variable = VariableOf(key);
    const char* value = std::getenv(variable.c_str());
    if (FindKey(key) == nullptr || value == nullptr || *value == '\0') continue;
    DELSTEP_TRY(config.Set(key, value, {Origin::Layer::kEnvironment, variable}));
  }
  // The arguments have been judged: these keys and no others.
  for (const std::string& text : arguments.overrides) {
    const auto equals = text.find('=');
    DELSTEP_TRY(config.Set(Trim(std::string_view(text).substr(0, equals)), text.substr(equals + 1),
                           {Origin::Layer::kCommandLine, "command line"}));
  }
  return {};
}

Error Damaged(const Error& error) {
  return BadFile("the saved state of the run is damaged: " + error.message);
}

/// Looks at each moment, and comes back.
Result<void> CheckMoments(Simulation& simulation, const SavedHistory& history) {
  if (history.kept.empty()) return {};
  DELSTEP_ASSIGN(const Snapshot present, simulation.TakeSnapshot());
  for (const SavedHistory::Kept& kept : history.kept) {
    if (!kept.snapshot) continue;
    DELSTEP_TRY(simulation.Restore(kept.snapshot));
    if (const auto checked = CheckNodes(simulation, history.configs[kept.config]); !checked)
      return Damaged(checked.error());
  }
  return simulation.Restore(present);
}

}  // namespace

Result<Config> ConfigOf(const ReadCheckpoint& checkpoint, const Arguments& arguments,
                        const Registry& registry) {
  DELSTEP_ASSIGN(Config config,
                 Config::Restore(registry, checkpoint.texts.config, checkpoint.texts.origins));
  DELSTEP_TRY(FollowMachine(arguments, config));
  return config;
}

Result<SavedHistory> HistoryOf(const ReadCheckpoint& checkpoint, const Config& config,
                               const Arguments& arguments, const Registry& registry) {
  DELSTEP_ASSIGN(SavedHistory history, LoadHistory(checkpoint.texts.history, config, registry));
  // The first one is the present one, which has done so.
  for (Config& other : std::span(history.configs).subspan(1))
    DELSTEP_TRY(FollowMachine(arguments, other));
  return history;
}

Result<std::unique_ptr<Simulation>> ResumeSimulation(const ReadCheckpoint& checkpoint,
                                                     const Config& config, const Registry& registry,
                                                     SavedHistory& history) {
  DELSTEP_ASSIGN(
      Simulation::Resumed resumed,
      Simulation::Resume(config.scenario(), registry, checkpoint.state(), history.Settings(),
                         checkpoint.mapped ? &checkpoint.state_file : nullptr));
  if (const auto checked = CheckNodes(*resumed.simulation, config); !checked)
    return Damaged(checked.error());
  if (resumed.moments.size() != history.kept.size())
    return BadFile("the saved history is not that of the run");
  for (std::size_t i = 0; i < history.kept.size(); ++i)
    history.kept[i].snapshot = resumed.moments[i];
  DELSTEP_TRY(CheckMoments(*resumed.simulation, history));
  return std::move(resumed.simulation);
}

Error OfCheckpoint(const std::string& file, Error error) {
  if (error.code == ErrorCode::kFile && error.where.empty() &&
      error.message.find(file) == std::string::npos)
    error.message = fmt::format("'{}': {}", Printable(file), error.message);
  return error;
}

std::vector<std::string> ResumeNotes(const CheckpointFacts& facts, bool portable) {
  std::vector<std::string> notes;
  if (facts.program != Version())
    notes.push_back(fmt::format("the checkpoint is of delstep {}, this is {}: results may differ",
                                Printable(facts.program), Version()));
  const std::string here = InstructionSet(portable);
  if (facts.instruction_set != here)
    notes.push_back(
        fmt::format("the checkpoint was made with the instruction set {}, here is {}: "
                    "results may differ in their last bits",
                    Printable(facts.instruction_set), here));
  return notes;
}

}  // namespace delstep
