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

void TestAges::Save(ByteWriter& writer) const {
  writer.Add(std::uint64_t{tests_.size()});
  for (const auto& [node, tests] : tests_) {
    writer.Add(std::uint64_t{node});
    writer.Add(std::uint64_t{tests.size()});
    for (const Test& test : tests) {
      writer.Add(static_cast<std::uint64_t>(test.scope.kind));
      writer.Add(std::string_view(test.scope.group));
      writer.Add(test.older);
    }
  }
}

void TestAges::Load(ByteReader& reader) {
  constexpr auto kLastKind = static_cast<std::uint64_t>(EvaluationScope::Kind::kGroup);
  tests_.clear();
  for (std::size_t left = reader.Count(16); left > 0 && reader.ok(); --left) {
    const std::uint64_t node = reader.NumberUpTo(std::numeric_limits<std::uint32_t>::max());
    std::vector<Test>& tests = tests_[static_cast<std::uint32_t>(node)];
    for (std::size_t more = reader.Count(24); more > 0 && reader.ok(); --more) {
      Test& test = tests.emplace_back();
      test.scope.kind = static_cast<EvaluationScope::Kind>(reader.NumberUpTo(kLastKind));
      test.scope.group = std::string(reader.Text());
      test.older = reader.Flag();
    }
  }
}

}  // namespace delstep
