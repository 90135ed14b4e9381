#include "console/commands/test_ages.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <variant>

namespace delstep {
namespace {

/// The node whose model the event has changed.
std::optional<NodeId> WhoseModelChanged(const Event& event) {
  if (const auto* trained = std::get_if<Trained>(&event.what)) return trained->node;
  if (const auto* imported = std::get_if<ModelImported>(&event.what)) return imported->node;
  const auto* aggregated = std::get_if<Aggregated>(&event.what);
  return aggregated && aggregated->changed ? std::optional(aggregated->node) : std::nullopt;
}

}  // namespace

void TestAges::Learn(const Event& event) {
  if (const auto node = WhoseModelChanged(event)) {
    if (const auto found = tests_.find(static_cast<std::uint32_t>(Index(*node)));
        found != tests_.end())
      for (Test& test : found->second) test.older = true;
    return;
  }
  const auto* tested = std::get_if<Evaluated>(&event.what);
  if (!tested) return;
  std::vector<Test>& tests = tests_[static_cast<std::uint32_t>(Index(tested->node))];
  const auto found = std::ranges::find(tests, tested->scope, &Test::scope);
  if (found == tests.end())
    tests.push_back({.scope = tested->scope});
  else
    found->older = false;
}

bool TestAges::IsOlder(NodeId node, const EvaluationScope& scope) const {
  const auto found = tests_.find(static_cast<std::uint32_t>(Index(node)));
  return found != tests_.end() && std::ranges::any_of(found->second, [&](const Test& test) {
           return test.older && test.scope == scope;
         });
}

std::size_t TestAges::CountOlder(std::span<const NodeId> tested,
                                 const EvaluationScope& scope) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(tested, [&](NodeId node) { return IsOlder(node, scope); }));
}

std::string TestAges::NoteOn(std::span<const NodeId> tested, const EvaluationScope& scope) const {
  const std::size_t older = CountOlder(tested, scope);
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
