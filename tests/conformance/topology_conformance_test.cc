// What every topology and every graph format promises (include/delstep/graph.h,
// topology/generators.h, topology/graph_files.h).
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <tuple>

#include "mobility/still.h"
#include "tests/conformance/part_names.h"
#include "topology/graph_files.h"
#include "topology/properties.h"

namespace delstep {
namespace {

Parts<MakeTopology> Topologies() { return MakeRegistry({}).topologies; }
Parts<WriteGraph> Writers() { return MakeRegistry({}).graph_writers; }

class TopologyConformance : public testing::TestWithParam<std::string> {
 protected:
  TopologyConformance()
      : file_(testing::TempDir() + "topology_conformance_" + NameOfPart({GetParam(), 0}) +
              ".edges") {
    // Of contacts those count that begin at 0.
    std::ofstream(file_) << (GetParam() == "contacts" ? "0,9,0,1\n0,5,1,2\n3,4,2,0\n"
                                                      : "0 1\n1 2\n2 0\n");
  }
  ~TopologyConformance() override { std::filesystem::remove(file_); }

  /// Values that every generator can take, at 8 nodes or more: 4 neighbours on a ring, ...
  Scenario With(std::size_t nodes, std::uint64_t seed = 1) const {
    Scenario scenario;
    scenario.seed = seed;
    scenario.nodes.count = nodes;
    scenario.topology.name = GetParam();
    scenario.topology.degree = scenario.topology.k = 4;
    scenario.topology.m = 2;
    scenario.topology.p = 0.3;
    scenario.topology.radius = scenario.radio.range = 0.3;
    scenario.mobility.area = Area{};
    scenario.topology.file = file_;
    return scenario;
  }
  static Graph Make(const Scenario& scenario) {
    return (**Topologies().Find(GetParam()))(scenario, *MakeStill(scenario.seed)).value();
  }

  /// Squares, rectangles, primes and what lies between.
  static constexpr std::size_t kCounts[] = {8, 9, 12, 13, 36, 59, 60};

 private:
  std::string file_;
};

INSTANTIATE_TEST_SUITE_P(All, TopologyConformance, testing::ValuesIn(NamesOfPresent(Topologies())),
                         NameOfPart);

TEST_P(TopologyConformance, IsASimpleGraphOverAllNodes) {
  for (const std::size_t count : kCounts)
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const Graph graph = Make(With(count, seed));
      ASSERT_EQ(graph.nodes, count);
      EXPECT_TRUE(graph.labels.empty() || graph.labels.size() == count);
      EXPECT_TRUE(graph.positions.empty() || graph.positions.size() == count);
      for (std::size_t i = 0; i < graph.edges.size(); ++i) {
        const auto& [a, b, weight] = graph.edges[i];
        ASSERT_LT(a, b) << "a loop, or an edge written the other way round";
        ASSERT_LT(b, count);
        if (i == 0) continue;
        const Graph::Edge& before = graph.edges[i - 1];
        ASSERT_LT(std::tie(before.a, before.b), std::tie(a, b)) << "twice, or out of order";
      }
    }
}

TEST_P(TopologyConformance, BeginsWithTheContactsOfTheStart) {
  const Scenario scenario = With(36);
  const auto mobility = MakeStill(scenario.seed);
  const Graph graph = (**Topologies().Find(GetParam()))(scenario, *mobility).value();
  if (!graph.contacts) GTEST_SKIP() << "its links stay";
  std::vector<Graph::Edge> edges;
  for (const auto& [a, b] : graph.contacts->At(graph.nodes, SimTime{}))
    edges.push_back({static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b)});
  EXPECT_EQ(graph.edges, edges);
}

TEST_P(TopologyConformance, NeighboursKnowEachOther) {
  const auto neighbours = Neighbours(Make(With(36)));
  for (std::uint32_t a = 0; a < neighbours.size(); ++a)
    for (const std::uint32_t b : neighbours[a])
      EXPECT_TRUE(std::ranges::binary_search(neighbours[b], a)) << a << " " << b;
}

TEST_P(TopologyConformance, IsAFunctionOfItsScenario) {
  for (const std::size_t count : kCounts) {
    const Graph first = Make(With(count, 5));
    Make(With(count, 6));
    const Graph second = Make(With(count, 5));
    EXPECT_EQ(first.edges, second.edges);
    EXPECT_EQ(first.positions, second.positions);
  }
}

/// What a generator promises beyond that: always connected, and the numbers of neighbours that a
/// node may have among n.
struct Promise {
  bool connected = false;
  std::size_t (*fewest)(std::size_t n) = nullptr;
  std::size_t (*most)(std::size_t n) = nullptr;
  std::optional<std::size_t> (*edges)(std::size_t n) = nullptr;
};
constexpr auto kOne = [](std::size_t) { return std::size_t{1}; };
constexpr auto kTwo = [](std::size_t) { return std::size_t{2}; };
constexpr auto kFour = [](std::size_t) { return std::size_t{4}; };
constexpr auto kAllOthers = [](std::size_t n) { return n - 1; };
using Edges = std::optional<std::size_t>;
// At degree = k = 4 and m = 2. A torus of 8 = 2 x 4 nodes has rings of two, so fewer neighbours.
const std::map<std::string, Promise> kPromises = {
    {"full", {true, kAllOthers, kAllOthers, [](std::size_t n) { return Edges(n * (n - 1) / 2); }}},
    {"ring", {true, kTwo, kTwo, [](std::size_t n) { return Edges(n); }}},
    {"line", {true, kOne, kTwo, [](std::size_t n) { return Edges(n - 1); }}},
    {"star", {true, kOne, kAllOthers, [](std::size_t n) { return Edges(n - 1); }}},
    {"grid", {true, kOne, kFour, nullptr}},
    {"torus",
     {true, [](std::size_t n) { return n == 8 ? std::size_t{3} : std::size_t{4}; }, kFour,
      nullptr}},
    {"regular", {false, kFour, kFour, [](std::size_t n) { return Edges(2 * n); }}},
    {"small-world", {false, kTwo, kAllOthers, [](std::size_t n) { return Edges(2 * n); }}},
    {"scale-free", {true, kOne, kAllOthers, [](std::size_t n) { return Edges(2 * (n - 2)); }}},
};

TEST_P(TopologyConformance, IsConnectedAndHasTheDegreesThatItPromises) {
  const auto found = kPromises.find(GetParam());
  if (found == kPromises.end()) GTEST_SKIP() << "promises neither";
  const Promise& promise = found->second;
  for (const std::size_t count : kCounts)
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      SCOPED_TRACE(std::to_string(count) + " nodes, seed " + std::to_string(seed));
      const Graph graph = Make(With(count, seed));
      if (promise.connected) {
        ASSERT_EQ(CountComponents(graph), 1u);
      }
      if (promise.edges) {
        ASSERT_EQ(graph.edges.size(), promise.edges(count));
      }
      for (const std::size_t degree : Degrees(graph)) {
        ASSERT_GE(degree, promise.fewest(count));
        ASSERT_LE(degree, promise.most(count));
      }
    }
}

TEST_P(TopologyConformance, ComesBackFromEveryFormatThatIsRead) {
  const Scenario scenario = With(36);
  Graph graph = Make(scenario);
  for (std::size_t i = 0; i < graph.edges.size(); ++i)
    graph.edges[i].weight = static_cast<double>(i % 7) / 3;
  const Parts<WriteGraph> formats = Writers();
  for (const auto& format : formats.entries()) {
    if (format.name == ".dot") continue;  // is written alone
    SCOPED_TRACE(format.name);
    const std::string path =
        testing::TempDir() + "topology_round_trip_" + NameOfPart({GetParam(), 0}) + format.name;
    std::ofstream(path, std::ios::binary) << format.make(graph);
    const auto read = ReadGraphFile(path, scenario.nodes);
    std::filesystem::remove(path);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->nodes, graph.nodes);
    EXPECT_EQ(read->edges, graph.edges);
  }
}

}  // namespace
}  // namespace delstep
