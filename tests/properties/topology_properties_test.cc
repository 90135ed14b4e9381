// What holds for every topology, whatever its parameters.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include "mobility/still.h"
#include "tests/conformance/part_names.h"
#include "topology/graph_files.h"
#include "topology/properties.h"

namespace delstep {
namespace {

Parts<MakeTopology> Topologies() { return MakeRegistry({}).topologies; }

Result<Graph> Make(const Scenario& scenario) {
  return (**Topologies().Find(scenario.topology.name))(scenario, *MakeStill(scenario.seed));
}

Scenario AnyScenario(const std::vector<std::string>& names) {
  using rc::gen::inRange;
  Scenario scenario;
  scenario.seed = *rc::gen::arbitrary<std::uint64_t>();
  scenario.nodes.count = *inRange<std::size_t>(1, 60);
  auto& topology = scenario.topology;
  topology.name = *rc::gen::elementOf(names);
  topology.degree = *inRange<std::uint32_t>(0, 60);
  topology.k = *inRange<std::uint32_t>(0, 60);
  topology.m = *inRange<std::uint32_t>(0, 60);
  topology.p = *inRange(0, 101) / 100.0;
  topology.radius = *inRange(0, 150) / 100.0;
  return scenario;
}

/// All but the one that is read.
const std::vector<std::string> kAll = [] {
  std::vector<std::string> names = NamesOfPresent(Topologies());
  std::erase(names, "file");
  return names;
}();

void AssertSimple(const Graph& graph) {
  for (const auto& edge : graph.edges) RC_ASSERT(edge.a < edge.b && edge.b < graph.nodes);
  const auto ascending = [](const auto& x, const auto& y) {
    return std::tie(x.a, x.b) < std::tie(y.a, y.b);
  };
  // Strictly: no edge twice.
  RC_ASSERT(std::ranges::adjacent_find(graph.edges, std::not_fn(ascending)) == graph.edges.end());
}

RC_GTEST_PROP(TopologyProperties, ATopologyIsASimpleGraphOrAnErrorThatNamesItsKey, ()) {
  const Scenario scenario = AnyScenario(kAll);
  const auto graph = Make(scenario);
  if (!graph) {
    RC_ASSERT(graph.error().code == ErrorCode::kUsage);
    RC_ASSERT(graph.error().message.starts_with("topology."));
    return;
  }
  RC_ASSERT(graph->nodes == scenario.nodes.count);
  AssertSimple(*graph);
}

RC_GTEST_PROP(TopologyProperties, ATopologyIsAFunctionOfItsScenario, ()) {
  const Scenario scenario = AnyScenario(kAll);
  const auto first = Make(scenario), second = Make(scenario);
  RC_ASSERT(first.ok() == second.ok());
  if (first) RC_ASSERT(first->edges == second->edges);
}

RC_GTEST_PROP(TopologyProperties, AnotherSeedGivesAnotherRandomTopology, ()) {
  Scenario scenario = AnyScenario({"regular", "small-world", "random", "scale-free", "geometric"});
  scenario.nodes.count = 60;
  scenario.topology.degree = scenario.topology.k = 6;
  scenario.topology.m = 3;
  scenario.topology.p = 0.5;
  scenario.topology.radius = 0.3;
  const auto first = Make(scenario);
  ++scenario.seed;
  const auto second = Make(scenario);
  RC_ASSERT(first->edges != second->edges);
}

RC_GTEST_PROP(TopologyProperties, APossibleRegularGraphIsFound, ()) {
  Scenario scenario = AnyScenario({"regular"});
  scenario.topology.degree =
      *rc::gen::inRange<std::uint32_t>(0, static_cast<std::uint32_t>(scenario.nodes.count));
  RC_PRE(scenario.nodes.count * scenario.topology.degree % 2 == 0);
  const auto graph = Make(scenario);
  RC_ASSERT(graph.ok());
  for (const std::size_t degree : Degrees(*graph)) RC_ASSERT(degree == scenario.topology.degree);
}

RC_GTEST_PROP(TopologyProperties, AGraphSurvivesItsFileFormats, ()) {
  const Scenario scenario = AnyScenario({"random", "grid", "star"});
  Graph graph = *Make(scenario);
  for (auto& edge : graph.edges) edge.weight = *rc::gen::inRange(-1000, 1000) / 7.0;
  if (*rc::gen::arbitrary<bool>())
    for (std::uint32_t node = 0; node < graph.nodes; ++node)
      graph.labels.push_back("n" + std::to_string(node * 7919 % 1000));
  const auto from_list = ReadEdgeList(WriteEdgeList(graph), "list", scenario.nodes);
  const auto from_table = ReadEdgeList(WriteEdgeTable(graph), "table", scenario.nodes);
  const auto from_json = ReadNodeLink(WriteNodeLink(graph), "json", scenario.nodes);
  RC_ASSERT(from_list.ok() && from_table.ok() && from_json.ok());
  RC_ASSERT(from_table->edges == graph.edges && from_table->labels == graph.labels);
  RC_ASSERT(from_list->edges == graph.edges && from_list->labels == graph.labels);
  RC_ASSERT(from_json->edges == graph.edges && from_json->labels == graph.labels);
}

}  // namespace
}  // namespace delstep
