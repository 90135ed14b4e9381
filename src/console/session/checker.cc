#include "console/session/checker.h"

#include <set>
#include <utility>

#include "console/commands/command_table.h"
#include "console/commands/dry_run.h"

namespace delstep {
namespace {

constexpr std::size_t kMostErrors = 100;
/// Statements looked at before repeats are followed once only, and in all.
constexpr std::size_t kBudget = 10'000, kMost = 1'000'000;

class Checker {
 public:
  Checker(const Simulation& simulation, const Config& config, const Registry& registry)
      : dry_run_{.simulation = simulation,
                 .registry = registry,
                 .directory = DryRunDirectory(simulation),
                 .config = config} {}

  std::vector<Error> Run(const std::string& path) {
    if (auto loaded = dry_run_.queue.LoadPath(path); !loaded) Note(std::move(loaded).error());
    while (errors_.size() < kMostErrors && seen_ < kMost) {
      const Statement* statement = dry_run_.queue.Next();
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
    // The same steps as for a run, but `follow` in place of `run`: it changes the dry run's own
    // lists of nodes and groups.
    DELSTEP_ASSIGN(Call call, MatchCommand(statement.words));
    DELSTEP_ASSIGN(dry_run_.targets, FindTargets(call, dry_run_.directory));
    dry_run_.arguments = std::move(call.arguments);
    dry_run_.most_rounds = seen_ < kBudget ? kBudget : 1;
    if (call.command->follow) DELSTEP_TRY(call.command->follow(dry_run_));
    // `group G add` and the like take the nodes that they know, and fail then.
    if (dry_run_.targets.unknown.empty()) return {};
    return FindNode(*dry_run_.targets.unknown.front(), dry_run_.directory).error();
  }

  void Note(Error error) {
    for (const std::string& load : dry_run_.queue.ChainOf(error))
      error.hint += (error.hint.empty() ? "" : "; ") + load;
    if (noted_.insert(error.where + error.message).second) errors_.push_back(std::move(error));
  }

  DryRun dry_run_;
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
