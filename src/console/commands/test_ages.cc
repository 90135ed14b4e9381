#include "console/commands/test_ages.h"

#include <fmt/format.h>

#include <algorithm>

namespace delstep {

std::size_t CountOlderTests(const Simulation& simulation, std::span<const NodeId> tested,
                            const EvaluationScope& scope) {
  return static_cast<std::size_t>(std::ranges::count_if(
      tested, [&](NodeId node) { return simulation.IsTestOlder(node, scope); }));
}

std::string NoteOnAges(const Simulation& simulation, std::span<const NodeId> tested,
                       const EvaluationScope& scope) {
  const std::size_t older = CountOlderTests(simulation, tested, scope);
  if (older == 0 || older == tested.size()) return {};
  return fmt::format("{} of {} results {} of {} since", older, tested.size(),
                     older == 1 ? "is" : "are",
                     older == 1 ? "a model that has changed" : "models that have changed");
}

}  // namespace delstep
