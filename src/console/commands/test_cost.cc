#include "console/commands/test_cost.h"

#include <fmt/format.h>

#include <string>

#include "base/text.h"

namespace delstep {

Result<void> MindTestCost(const CommandContext& context, const EvaluationScope& scope,
                          bool by_class) {
  const Simulation& simulation = context.simulation;
  const std::uint64_t limit = simulation.scenario().test.limit;
  // What no test can exceed is quicker to know than what this one is.
  const std::uint64_t most = context.targets.nodes.size() * simulation.data().dataset.size();
  if (limit == 0 || most <= limit) return {};
  DELSTEP_ASSIGN(const TestCost cost,
                 simulation.CostOfTest(context.targets.nodes, scope, by_class));
  if (cost.examples <= limit) return {};
  const std::string costs =
      fmt::format("{} different models on {} each are {} in all, more than test.limit = {}",
                  cost.models, Count(cost.examples / cost.models, "example"), cost.examples, limit);
  // A script goes on at night: nobody reads what it asks.
  if (!context.wait || !context.stoppable)
    return Refused(costs,
                   "`test sample 1000` tests each on the same 1000, `test local` each on its own; "
                   "`set test.limit 0` allows everything");
  context.wait(costs +
                   ". `test sample 1000` would take the same 1000 for each, `test local` its own. "
                   "Enter tests on all of them, Ctrl-C does not.",
               context.stop);
  if (context.stop.stop_requested()) return Interrupted("stopped: nothing was tested");
  return {};
}

}  // namespace delstep
