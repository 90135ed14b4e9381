#include "console/session/checker.h"

#include <filesystem>
#include <set>
#include <utility>

#include "console/commands/command_table.h"
#include "console/commands/dry_run.h"
#include "console/language/diagnostics.h"

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
                 .config = config} {
    dry_run_.queue.TolerateUnclosed();
  }

  /// Judges the form alone, not what the state refuses.
  void JudgeFormsOnly() { dry_run_.forms_only = true; }

  void RunFile(const std::string& path) {
    if (auto loaded = dry_run_.queue.LoadPath(path); !loaded) Note(std::move(loaded).error());
    Run();
  }

  void RunText(const ScriptSource& source) {
    ReadScript read = ParseScript(source.text, source.origin, source.first_line);
    dry_run_.queue.Push(std::move(read.script), false);
    if (read.unclosed) Note(*std::move(read.unclosed));
    Run();
  }

  /// An `exit` was reached: what comes after it never runs.
  bool ended() const { return dry_run_.ended; }
  std::vector<Finding> Take() { return std::move(findings_); }

 private:
  void Run() {
    while (findings_.size() < kMostErrors && seen_ < kMost && !dry_run_.ended) {
      for (Error& error : dry_run_.queue.TakeUnclosed()) Note(std::move(error));
      const Statement* statement = dry_run_.queue.Next();
      if (!statement) break;
      ++seen_;
      if (auto checked = Check(*statement); !checked)
        Note(At(statement->words.front(), std::move(checked).error()));
    }
    dry_run_.queue.Clear();
  }

  Result<void> Check(const Statement& statement) {
    if (statement.bad) return *statement.bad;
    // The same steps as for a run, but `follow` in place of `run`: it changes the dry run's own
    // lists of nodes and groups.
    DELSTEP_ASSIGN(Call call, MatchCommand(statement.words));
    auto targets = FindTargets(call, dry_run_.directory);
    // A value may be wrong beside a node that the state refuses.
    if (!targets && !(dry_run_.forms_only && targets.error().code == ErrorCode::kRefused))
      return std::move(targets).error();
    dry_run_.targets = targets ? *std::move(targets) : Targets();
    dry_run_.arguments = std::move(call.arguments);
    dry_run_.most_rounds = seen_ < kBudget && !dry_run_.forms_only ? kBudget : 1;
    if (call.command->follow) DELSTEP_TRY(call.command->follow(dry_run_));
    // `group G add` and the like take the nodes that they know, and fail then.
    if (dry_run_.targets.unknown.empty()) return {};
    return FindNode(*dry_run_.targets.unknown.front(), dry_run_.directory).error();
  }

  void Note(Error error) {
    if (dry_run_.forms_only && error.code != ErrorCode::kUsage) return;
    if (dry_run_.went && error.code == ErrorCode::kRefused) return;
    if (!noted_.insert(error.where + error.message).second) return;
    std::vector<std::string> loaded_from = dry_run_.queue.ChainOf(error);
    findings_.push_back({.error = std::move(error), .loaded_from = std::move(loaded_from)});
    Error& noted = findings_.back().error;
    const auto place = ParsePlace(noted.where);
    if (place && !dry_run_.queue.idle() && dry_run_.queue.script().file == place->file)
      findings_.back().line = dry_run_.queue.script().Line(place->line);
  }

  DryRun dry_run_;
  std::size_t seen_ = 0;
  std::vector<Finding> findings_;
  std::set<std::string> noted_;
};

}  // namespace

std::vector<Finding> CheckScript(const std::string& path, const Simulation& simulation,
                                 const Config& config, const Registry& registry) {
  return CheckScript(ScriptSource{.is_file = true, .text = path}, simulation, config, registry);
}

std::vector<Finding> CheckScript(const ScriptSource& script, const Simulation& simulation,
                                 const Config& config, const Registry& registry) {
  Checker checker(simulation, config, registry);
  if (script.is_file)
    checker.RunFile(script.text);
  else
    checker.RunText(script);
  return checker.Take();
}

std::vector<Finding> CheckBeforeRun(std::span<const ScriptSource> sources,
                                    const Simulation& simulation, const Config& config,
                                    const Registry& registry) {
  Checker checker(simulation, config, registry);
  checker.JudgeFormsOnly();
  for (const ScriptSource& source : sources) {
    if (checker.ended()) break;
    std::error_code failed;
    if (!source.is_file)
      checker.RunText(source);
    else if (std::filesystem::is_regular_file(source.text, failed))
      checker.RunFile(source.text);
  }
  return checker.Take();
}

}  // namespace delstep
