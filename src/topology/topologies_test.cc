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

/// Nodes a tenth apart on a line.
class Row final : public Mobility {
  Result<void> DoPositionsAt(SimTime, std::span<const NodeId> nodes,
                             std::span<Position> positions) const override {
    for (std::size_t i = 0; i < nodes.size(); ++i)
      positions[i] = {0.1 * static_cast<double>(Index(nodes[i])), 0.5, 0};
    return {};
  }
};

Result<Graph> Make(const Scenario& scenario) {
  Parts<MakeTopology> parts("topology.name");
  AddTopologies(parts);
  return (**parts.Find(scenario.topology.name))(scenario, Row());
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
  EXPECT_EQ(parts.entries().size(), 12u);
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

}  // namespace
}  // namespace delstep
