#include "topology/topologies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <string>

#include "topology/properties.h"

namespace delstep {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Nodes a tenth apart on a line; the first one runs along it from 10 s on.
class Row final : public Mobility {
  Leg DoLegAt(NodeId node, SimTime time) const override {
    constexpr SimTime kStart{std::chrono::seconds(10)};
    Leg leg;
    leg.from = {0.1 * static_cast<double>(Index(node)), 0.5};
    if (node != NodeId{0}) return leg;
    if (time < kStart) {
      leg.ends = kStart;
    } else {
      leg.begins = kStart;
      leg.vx = 0.1;
    }
    return leg;
  }
};

Result<Graph> Make(const Scenario& scenario, const Mobility& mobility = Row()) {
  Parts<MakeTopology> parts("topology.name");
  AddTopologies(parts);
  return (**parts.Find(scenario.topology.name))(scenario, mobility);
}

Scenario Named(std::string name, std::size_t nodes = 12) {
  Scenario scenario;
  scenario.nodes.count = nodes;
  scenario.topology.name = std::move(name);
  return scenario;
}

std::string Complaint(const Scenario& scenario) {
  const auto graph = Make(scenario);
  EXPECT_FALSE(graph.ok());
  if (graph.ok()) return {};
  EXPECT_EQ(graph.error().code, ErrorCode::kUsage);
  return graph.error().message;
}

TEST(Topologies, AllWorkForTwelveNodesWithTheirDefaults) {
  Parts<MakeTopology> parts("topology.name");
  AddTopologies(parts);
  EXPECT_EQ(parts.entries().size(), 13u);
  for (const auto& entry : parts.entries()) {
    if (entry.name == "file") continue;
    const auto graph = Make(Named(entry.name));
    ASSERT_TRUE(graph.ok()) << entry.name << ": " << graph.error().message;
    EXPECT_EQ(graph->nodes, 12u) << entry.name;
    EXPECT_FALSE(graph->edges.empty()) << entry.name;
  }
}

TEST(Topologies, AreAFunctionOfTheSeed) {
  for (const char* name : {"regular", "small-world", "scale-free", "random"}) {
    Scenario scenario = Named(name, 60);
    const auto edges = Make(scenario)->edges;
    EXPECT_EQ(Make(scenario)->edges, edges) << name;
    scenario.seed = 8;
    EXPECT_NE(Make(scenario)->edges, edges) << name;
  }
}

TEST(Topologies, RefuseADegreeThatNoGraphHas) {
  Scenario scenario = Named("regular");
  scenario.topology.degree = 12;
  EXPECT_EQ(Complaint(scenario),
            "topology.degree = 12: each of 12 nodes can have at most 11 neighbours");
  scenario.nodes.count = 5;
  scenario.topology.degree = 3;
  EXPECT_THAT(Complaint(scenario), AllOf(HasSubstr("topology.degree = 3"), HasSubstr("(5)")));
}

TEST(Topologies, RefuseAnOddOrTooLargeNumberOfRingNeighbours) {
  Scenario scenario = Named("small-world");
  for (const std::uint32_t k : {3u, 14u}) {
    scenario.topology.k = k;
    EXPECT_THAT(Complaint(scenario),
                AllOf(HasSubstr("topology.k = " + std::to_string(k)), HasSubstr("12")));
  }
}

TEST(Topologies, RefuseWhatIsNoProbability) {
  for (const char* name : {"small-world", "random"}) {
    for (const double p : {-0.1, 1.5, std::numeric_limits<double>::quiet_NaN()}) {
      Scenario scenario = Named(name);
      scenario.topology.p = p;
      EXPECT_THAT(Complaint(scenario), AllOf(HasSubstr("topology.p = "), HasSubstr("0 to 1")));
    }
  }
}

TEST(Topologies, RefuseToGrowByNoEdgesOrByMoreThanThereAreNodes) {
  Scenario scenario = Named("scale-free");
  for (const std::uint32_t m : {0u, 12u}) {
    scenario.topology.m = m;
    EXPECT_THAT(Complaint(scenario), HasSubstr("topology.m = " + std::to_string(m)));
  }
}

TEST(Topologies, RefuseANegativeRadius) {
  Scenario scenario = Named("geometric");
  scenario.topology.radius = -1;
  EXPECT_THAT(Complaint(scenario), HasSubstr("topology.radius = -1"));
}

TEST(Topologies, RefuseMoreEdgesThanMemoryHolds) {
  EXPECT_THAT(Complaint(Named("full", 1'000'000)), HasSubstr("nodes.count = 1000000"));
  EXPECT_THAT(Complaint(Named("ring", std::size_t{1} << 40)), HasSubstr("nodes.count"));
  EXPECT_THAT(Complaint(Named("ring", 0)), HasSubstr("nodes.count = 0"));
}

TEST(Topologies, RefuseAFileWithoutAName) {
  EXPECT_THAT(Complaint(Named("file")), HasSubstr("topology.file"));
}

TEST(Topologies, JoinNodesByTheirPlacesInRange) {
  Scenario scenario = Named("geometric", 5);
  scenario.topology.radius = 0.25;
  const auto graph = Make(scenario);
  ASSERT_TRUE(graph.ok());
  EXPECT_THAT(Degrees(*graph), ElementsAre(2, 3, 4, 3, 2));
  EXPECT_EQ(graph->positions.size(), 5u);
}

TEST(Topologies, ReadFilesByTheirEnding) {
  Scenario scenario = Named("file", 3);
  scenario.topology.file = ::testing::TempDir() + "topologies_test.edges";
  std::ofstream(scenario.topology.file) << "0 1\n1 2\n";
  EXPECT_EQ(Make(scenario)->edges.size(), 2u);
  scenario.topology.file = ::testing::TempDir() + "topologies_test.JSON";
  std::ofstream(scenario.topology.file)
      << R"({"nodes": [{"id": 0}, {"id": 2}], "links": [{"source": 0, "target": 2}]})";
  EXPECT_EQ(Make(scenario)->edges.size(), 1u);
}

TEST(GraphWriters, AreChosenByTheEndingOfAFile) {
  Parts<WriteGraph> writers("graph format");
  AddGraphWriters(writers);
  const Graph pair = {2, {{0, 1}}, {}, {}};
  EXPECT_EQ((**writers.Find(".edges"))(pair), "0 1\n");
  EXPECT_EQ((**writers.Find(".txt"))(pair), "0 1\n");
  EXPECT_THAT((**writers.Find(".json"))(pair), HasSubstr(R"({"source": 0, "target": 1})"));
  EXPECT_EQ((**writers.Find(".dot"))(pair), "graph delstep {\n  0;\n  1;\n  0 -- 1;\n}\n");
}

TEST(Topologies, RadioLinksNodesInRangeAndTellsHowThatChanges) {
  const Row row;
  Scenario scenario = Named("radio", 4);
  scenario.radio.range = 0.125;
  const Graph graph = Make(scenario, row).value();
  using Edge = Graph::Edge;
  EXPECT_THAT(graph.edges, ElementsAre(Edge{0, 1}, Edge{1, 2}, Edge{2, 3}));
  EXPECT_EQ(graph.positions.at(3).x, 0.1 * 3);
  ASSERT_NE(graph.contacts, nullptr);
  // At 0.1 m/s the first node meets the one at x metres 1.25 s before it passes it, at 10 x
  // seconds, and leaves it 1.25 s later.
  const auto at = [](int milliseconds) {
    return SimTime{std::chrono::milliseconds(10'000 + milliseconds)};
  };
  const auto change = [&](int milliseconds, std::uint32_t peer, bool begins) {
    return ContactChange{at(milliseconds), NodeId{0}, NodeId{peer}, begins};
  };
  EXPECT_THAT(graph.contacts->Changes(4, SimTime{}, at(10'000)),
              ElementsAre(change(750, 2, true), change(1750, 3, true), change(2250, 1, false),
                          change(3250, 2, false), change(4250, 3, false)));
  scenario.nodes.count = 200'000;
  scenario.mobility.area = Area{0.1, 0.1};  // everybody in range of everybody
  EXPECT_THAT(Complaint(scenario), HasSubstr("topology.name = 'radio' with nodes.count = 200000"));
}

}  // namespace
}  // namespace delstep
