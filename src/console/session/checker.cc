#include "console/session/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "console/commands/command_table.h"
#include "console/commands/dry_run.h"
#include "console/commands/results_file.h"

namespace delstep {
namespace {

constexpr std::size_t kMostErrors = 100;
/// Statements looked at before repeats are followed once only, and in all.
constexpr std::size_t kBudget = 10'000, kMost = 1'000'000;

class Checker {
 public:
  Checker(const Simulation& simulation, const Config& config, const Registry& registry)
      : simulation_(simulation), directory_(simulation), config_(config), registry_(registry) {}

  std::vector<Error> Run(const std::string& path) {
    if (auto loaded = queue_.LoadPath(path); !loaded) Note(std::move(loaded).error());
    while (errors_.size() < kMostErrors && seen_ < kMost) {
      const Statement* statement = queue_.Next();
      if (!statement) break;
      ++seen_;
      if (auto checked = Check(*statement); !checked)
        Note(At(statement->words.front(), std::move(checked).error()));
    }
    return std::move(errors_);
  }

 private:
  Result<void> Check(const Statement& statement) {
    if (statement.bad) return *statement.bad;
    DELSTEP_ASSIGN(const Call call, MatchCommand(statement.words));
    DELSTEP_ASSIGN(const Targets targets, FindTargets(call, directory_));
    DELSTEP_TRY(Follow(statement.words.front().text, call, targets));
    if (targets.unknown.empty()) return {};
    return FindNode(*targets.unknown.front(), directory_).error();
  }

  Result<void> Follow(std::string_view verb, const Call& call, const Targets& targets) {
    if (call.command->follow)
      DELSTEP_TRY(call.command->follow(directory_, call.arguments, targets));
    if (call.arguments.Has("GRAPH")) {
      DELSTEP_TRY(FindGraphWriter(registry_, call.arguments.WordOf("GRAPH")));
    } else if (call.arguments.Has("MODEL")) {
      const Word& file = call.arguments.WordOf("MODEL");
      if (auto writer = registry_.tensor_writers.FindByEnding(file.text); !writer)
        return At(file, std::move(writer).error());
    } else if (verb == "load") {
      DELSTEP_TRY(queue_.Load(call.arguments.WordOf("SCRIPT")));
    } else if (verb == "repeat") {
      queue_.Repeat(Rounds(*call.arguments.Get<std::uint64_t>("N")));
    } else if (verb == "set") {
      return Set(call.arguments);
    } else if (call.arguments.Has("FROM")) {
      DELSTEP_TRY(FindClass(call.arguments.WordOf("FROM"), simulation_));
      DELSTEP_TRY(FindClass(call.arguments.WordOf("TO"), simulation_));
    } else if (verb == "exit") {
      queue_.Clear();
    }
    return {};
  }

  Result<void> Set(const CommandArguments& arguments) {
    Config changed = config_;
    DELSTEP_TRY(SetInRun(arguments, changed));
    if (!arguments.Has("KEY")) return {};  // at some nodes only: the configuration stays
    const Word& key = arguments.WordOf("KEY");
    if (!key.text.starts_with("network."))
      if (auto can = simulation_.CanReconfigure(changed.scenario()); !can)
        return At(key, std::move(can).error());
    config_ = std::move(changed);
    return {};
  }

  /// A body that changes nobody need not be followed twice.
  std::uint64_t Rounds(std::uint64_t times) const {
    const bool changes = std::ranges::any_of(queue_.Body(), [](const Statement& statement) {
      const std::string& verb = statement.words.front().text;
      return verb == "node" || verb == "group" || verb == "load";
    });
    return std::min<std::uint64_t>(times, changes && seen_ < kBudget ? kBudget : 1);
  }

  void Note(Error error) {
    for (const std::string& load : queue_.ChainOf(error))
      error.hint += (error.hint.empty() ? "" : "; ") + load;
    if (noted_.insert(error.where + error.message).second) errors_.push_back(std::move(error));
  }

  const Simulation& simulation_;
  DryRunDirectory directory_;
  Config config_;
  const Registry& registry_;
  Queue queue_;
  std::size_t seen_ = 0;
  std::vector<Error> errors_;
  std::set<std::string> noted_;
};

}  // namespace

std::vector<Error> CheckScript(const std::string& path, const Simulation& simulation,
                               const Config& config, const Registry& registry) {
  return Checker(simulation, config, registry).Run(path);
}

}  // namespace delstep
