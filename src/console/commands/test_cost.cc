#include "console/commands/test_cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"

namespace delstep {
namespace {

std::string Said(const TestCost& cost, const EvaluationScope& scope, std::uint64_t limit) {
  const std::string all = Count(cost.examples, "example");
  if (cost.models == 1)
    return fmt::format("1 model on {} is more than test.limit = {}", all, limit);
  // Each node holds out as many as it has: only elsewhere do all models take the same number.
  if (scope.kind == EvaluationScope::Kind::kLocal)
    return fmt::format(
        "{} different models, each on what its node has held out, take {} in all, "
        "more than test.limit = {}",
        cost.models, all, limit);
  return fmt::format("{} different models on {} each are {} in all, more than test.limit = {}",
                     cost.models, Count(cost.examples / cost.models, "example"), cost.examples,
                     limit);
}

/// Scopes in which the limit allows a test of these nodes, each with what it takes; empty: none.
std::string Cheaper(const CommandContext& context, bool by_class, const TestCost& cost) {
  const Simulation& simulation = context.simulation;
  const std::uint64_t limit = simulation.scenario().test.limit;
  std::vector<std::string> ways;
  // More says hardly more: the accuracy of 1000 examples is good to a percent or two.
  constexpr std::uint64_t kEnough = 1000;
  const std::uint64_t sample = std::min(limit / cost.models, kEnough);
  const auto fits = [&](const EvaluationScope& other) {
    const auto costs = simulation.CostOfTest(context.targets.nodes, other, by_class);
    return costs && costs->examples <= limit;
  };
  if (sample > 0 && fits({.kind = EvaluationScope::Kind::kSample, .sample = sample}))
    ways.push_back(
        fmt::format("`sample {}` as scope takes the same {} for each model", sample, sample));
  if (fits({.kind = EvaluationScope::Kind::kLocal}))
    ways.push_back("`local` as scope takes what each node has held out");
  return Join(ways, ", ");
}

bool IsYes(std::string_view answer) {
  const std::string word = Lower(Trim(answer));
  return word.empty() || word == "y" || word == "yes";
}

}  // namespace

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
  const std::string costs = Said(cost, scope, limit);
  const std::string cheaper = Cheaper(context, by_class, cost);
  std::optional<std::string> answer;
  // A script goes on at night: nobody reads what it asks.
  if (context.wait && context.stoppable)
    answer = context.wait(fmt::format("{}.{}{} Enter or yes tests all the same, no or Ctrl-C does "
                                      "not.",
                                      costs, cheaper.empty() ? "" : " Cheaper: ",
                                      cheaper.empty() ? "" : cheaper + "."),
                          context.stop);
  if (context.stop.stop_requested() || (answer && !IsYes(*answer)))
    return Interrupted("stopped: nothing was tested");
  if (answer) return {};
  return Refused(costs, fmt::format("{}{}`set test.limit 0` allows everything", cheaper,
                                    cheaper.empty() ? "" : "; "));
}

}  // namespace delstep
