#include "apps/delstep/resume.h"

#include <fmt/format.h>

#include <cctype>
#include <cstdlib>
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

}  // namespace

Result<Config> ConfigOf(const ReadCheckpoint& checkpoint, const Arguments& arguments,
                        const Registry& registry) {
  DELSTEP_ASSIGN(Config config,
                 Config::Restore(registry, checkpoint.texts.config, checkpoint.texts.origins));
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
  return config;
}

Result<std::unique_ptr<Simulation>> ResumeSimulation(const ReadCheckpoint& checkpoint,
                                                     const Config& config,
                                                     const Registry& registry) {
  DELSTEP_ASSIGN(std::unique_ptr<Simulation> simulation,
                 Simulation::Resume(config.scenario(), registry, checkpoint.world));
  if (const auto checked = CheckNodes(*simulation, config); !checked)
    return BadFile("the saved state of the run is damaged: " + checked.error().message);
  return simulation;
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
