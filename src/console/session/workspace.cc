#include "console/session/workspace.h"

#include <fmt/format.h>

#include <variant>

#include "delstep/event.h"

namespace delstep {
namespace {

/// For `stats mixing`; moments hold most of them anyway. Asked for before the first moment is made,
/// so that whoever goes back to it has them again.
Simulation& WithCycleStarts(Simulation& simulation) {
  simulation.KeepCycleStarts();
  return simulation;
}

}  // namespace

Workspace::Workspace(Simulation& simulation, Config& config, const Registry& registry)
    : simulation_(simulation),
      config_(config),
      registry_(registry),
      history_(WithCycleStarts(simulation), config) {
  simulation_.Observe([seen = seen_, breaks = breaks_, heard = heard_](const Event& event) {
    (std::holds_alternative<Evaluated>(event.what) ? seen->tests : seen->changes) = true;
    breaks->Learn(event);
    heard->Learn(event);
  });
}

CommandContext Workspace::ContextOf(CommandQueue& queue) {
  return {.simulation = simulation_,
          .config = config_,
          .registry = registry_,
          .queue = queue,
          .log = log_,
          .history = history_,
          .breaks = *breaks_,
          .heard = *heard_};
}

Result<void> Workspace::EndMoment(CommandResult& result, bool began) {
  const bool failed = result.error.has_value();
  const bool changes = result.row && (result.row->changes_world || result.network);
  const bool may_have = began && (result.row->changes_world || seen_->changes);
  const bool changed = failed ? may_have && history_.HasChanged(seen_->changes) : changes;
  // Asked after each command: the failure is that of one.
  const bool own_code_failed = own_code_failed_ && own_code_failed_();
  if (failed && own_code_failed && !history_.refusal()) {
    if (changed || seen_->tests) DELSTEP_TRY(history_.TakeBack());
    result.taken_back = true;
    return {};
  }
  if (failed && own_code_failed && changed) {
    // Whoever knows that it is taken back elsewhere would take it for undone here too.
    std::string& hint = result.error->hint;
    hint += fmt::format("{}what the command has done until then stays: {}",
                        hint.empty() ? "" : "; ", history_.refusal()->message);
  }
  if (changed) {
    const MomentNumber before = history_.moments().present().number;
    auto noted =
        history_.Note({.text = result.command, .failed = failed, .uncertain = result.uncertain});
    // Code of the user's own has changed its mind: no moment was made.
    result.taken_back = !noted && history_.moments().present().number == before;
    return noted;
  }
  if (began && seen_->tests) history_.Refresh();  // whoever comes back sees the tests
  return {};
}

}  // namespace delstep
