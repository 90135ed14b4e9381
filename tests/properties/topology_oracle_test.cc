// networkx as an oracle: the same questions to it and to us.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "mobility/still.h"
#include "topology/generators.h"
#include "topology/graph_files.h"
#include "topology/properties.h"

namespace delstep {
namespace {

struct Answer {
  int status = -1;
  std::string text;
};

Answer RunPython(const std::string& arguments) {
  Answer answer;
  std::FILE* pipe = popen(("/usr/bin/python3 " + arguments + " 2>&1").c_str(), "r");
  if (!pipe) return answer;
  char part[4096];
  while (const std::size_t size = std::fread(part, 1, sizeof part, pipe))
    answer.text.append(part, size);
  answer.status = pclose(pipe);
  return answer;
}

std::string Ask(const std::string& question) {
  const Answer answer = RunPython(
      fmt::format("'{}/tests/properties/graph_oracle.py' {}", DELSTEP_SOURCE_DIR, question));
  EXPECT_EQ(answer.status, 0) << question << "\n" << answer.text;
  return answer.text;
}

struct Sample {
  double mean = 0, error = 0;
};

Sample Summary(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  Sample sample;
  for (const double value : values) sample.mean += value / count;
  double squares = 0;
  for (const double value : values) squares += (value - sample.mean) * (value - sample.mean);
  sample.error = std::sqrt(squares / (count - 1) / count);
  return sample;
}

Random Stream(std::uint64_t seed) { return Random(MakeKey(seed, Purpose::kTopology)); }

class TopologyOracle : public testing::Test {
 protected:
  void SetUp() override {
    static const Answer probe = RunPython("-c 'import networkx'");
    if (probe.status != 0) {
      GTEST_SKIP() << "needs /usr/bin/python3 with networkx (package python3-networkx): "
                   << probe.text;
    }
  }

  /// A file of this test's own.
  static std::string Path(const std::string& ending) {
    return fmt::format("{}topology_oracle_{}{}", testing::TempDir(),
                       testing::UnitTest::GetInstance()->current_test_info()->name(), ending);
  }
  static std::string Save(const Graph& graph) {
    const std::string path = Path(".json");
    std::ofstream(path) << WriteNodeLink(graph);
    return path;
  }

  static std::string Facts(const Graph& graph) {
    std::string text = "degrees";
    for (const std::size_t degree : Degrees(graph)) text += fmt::format(" {}", degree);
    double weight = 0;
    for (const auto& edge : graph.edges) weight += edge.weight;
    return text + fmt::format("\ncomponents {}\nclustering {:.9f}\nweight {:.9f}\n",
                              CountComponents(graph), AverageClustering(graph), weight);
  }
  /// The oracle's facts with as many digits as ours.
  static std::string Rounded(const std::string& facts) {
    std::istringstream lines(facts);
    std::string text;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("clustering ") || line.starts_with("weight ")) {
        const auto blank = line.find(' ');
        line = fmt::format("{} {:.9f}", line.substr(0, blank), std::stod(line.substr(blank)));
      }
      text += line + '\n';
    }
    return text;
  }

  static void ExpectSame(const Graph& graph, const std::string& family, const char* relation) {
    EXPECT_EQ(Ask(fmt::format("same '{}' {}", Save(graph), family)), relation + std::string("\n"))
        << family;
  }

  /// Our means of clustering, squared degree and number of edges lie within 5 standard errors of
  /// the oracle's.
  template <class Make>
  static void ExpectAlike(const std::string& family, Make make) {
    constexpr int kGraphs = 60;
    std::vector<double> columns[3];
    for (std::uint64_t seed = 0; seed < kGraphs; ++seed) {
      Random random = Stream(seed);
      const Graph graph = make(random);
      double squares = 0;
      for (const std::size_t degree : Degrees(graph))
        squares += static_cast<double>(degree * degree) / graph.nodes;
      columns[0].push_back(AverageClustering(graph));
      columns[1].push_back(squares);
      columns[2].push_back(static_cast<double>(graph.edges.size()));
    }
    std::istringstream answer(Ask(fmt::format("sample {} {}", kGraphs, family)));
    for (const auto& column : columns) {
      const Sample ours = Summary(column);
      Sample theirs;
      answer >> theirs.mean >> theirs.error;
      EXPECT_NEAR(ours.mean, theirs.mean, 5 * std::hypot(ours.error, theirs.error) + 1e-9)
          << family;
    }
  }
};

TEST_F(TopologyOracle, AgreesOnDegreesPartsAndClustering) {
  Random random = Stream(7);
  Graph weighted = RandomGraph(60, 0.03, random);
  for (auto& edge : weighted.edges) edge.weight = random.Uniform();
  const Graph graphs[] = {weighted,
                          SmallWorldGraph(80, 6, 0.2, random),
                          ScaleFreeGraph(80, 3, random),
                          RegularGraph(50, 7, random),
                          LineGraph(1),
                          Graph{3, {}, {}, {}}};
  for (const Graph& graph : graphs)
    EXPECT_EQ(Rounded(Ask(fmt::format("facts '{}'", Save(graph)))), Facts(graph));
}

TEST_F(TopologyOracle, ReadsOurEdgeLists) {
  Random random = Stream(8);
  Graph graph = RandomGraph(60, 0.03, random);
  graph.edges.front().weight = 0.25;
  std::ofstream(Path(".edges")) << WriteEdgeList(graph);
  EXPECT_EQ(Rounded(Ask(fmt::format("facts '{}' 60", Path(".edges")))), Facts(graph));
}

TEST_F(TopologyOracle, ReadsOurGraphmlAndGml) {
  Random random = Stream(9);
  Graph graph = RandomGraph(60, 0.03, random);
  for (auto& edge : graph.edges) edge.weight = random.Uniform();
  graph.positions.assign(60, {0.25, 1e-9});
  std::ofstream(Path(".graphml")) << WriteGraphml(graph);
  std::ofstream(Path(".gml")) << WriteGml(graph);
  for (const std::string ending : {".graphml", ".gml"})
    EXPECT_EQ(Rounded(Ask(fmt::format("facts '{}'", Path(ending)))), Facts(graph)) << ending;
}

TEST_F(TopologyOracle, ReadsOurLabelsInGraphmlAndGml) {
  const Graph graph = {3, {{0, 1}, {1, 2}}, {"10.0.0.1", "b \"<&>\"", "z\xc3\xbc"}, {}};
  std::ofstream(Path(".graphml")) << WriteGraphml(graph);
  std::ofstream(Path(".gml")) << WriteGml(graph);
  for (const std::string ending : {".graphml", ".gml"}) {
    EXPECT_EQ(Ask(fmt::format("names '{}'", Path(ending))),
              "10.0.0.1\nb \"<&>\"\nz\xc3\xbc\n10.0.0.1--b \"<&>\"\nb \"<&>\"--z\xc3\xbc\n")
        << ending;
  }
}

TEST_F(TopologyOracle, WritesFilesThatWeRead) {
  for (const std::string ending : {".json", ".edges", ".graphml", ".gml"}) {
    Ask(fmt::format("save '{}' small-world 30 4 0.3", Path(ending)));
    const auto graph = ReadGraphFile(Path(ending), {30, {}, {}});
    ASSERT_TRUE(graph.ok()) << graph.error().message;
    EXPECT_EQ(graph->edges.size(), 60u);
    const std::string argument = ending == ".edges" ? " 30" : "";
    EXPECT_EQ(Rounded(Ask(fmt::format("facts '{}'{}", Path(ending), argument))), Facts(*graph));
  }
}

TEST_F(TopologyOracle, MakesTheSameShapes) {
  ExpectSame(FullGraph(9), "full 9", "equal");
  ExpectSame(RingGraph(9), "ring 9", "equal");
  ExpectSame(LineGraph(9), "line 9", "equal");
  ExpectSame(StarGraph(9), "star 9", "equal");
  Random random = Stream(7);
  ExpectSame(SmallWorldGraph(20, 6, 0, random), "small-world 20 6 0", "equal");
  ExpectSame(GridGraph(12), "grid 3 4", "isomorphic");
  ExpectSame(GridGraph(10), "grid 2 5", "isomorphic");
  ExpectSame(TorusGraph(12), "torus 3 4", "isomorphic");
  ExpectSame(TorusGraph(25), "torus 5 5", "isomorphic");
  ExpectSame(TorusGraph(12), "grid 3 4", "different");
}

TEST_F(TopologyOracle, JoinsTheSamePlacesInRange) {
  std::vector<NodeId> nodes;
  for (std::uint32_t node = 0; node < 100; ++node) nodes.push_back(NodeId{node});
  std::vector<Position> positions(nodes.size());
  MakeStill(7)->PositionsAt(SimTime{}, nodes, positions);
  for (const double radius : {0.0, 0.1, 0.35, 1.5})
    ExpectSame(GeometricGraph(positions, radius), fmt::format("geometric {}", radius), "equal");
}

TEST_F(TopologyOracle, DrawsRandomGraphsOfTheSameKinds) {
  ExpectAlike("small-world 100 6 0.1", [](Random& r) { return SmallWorldGraph(100, 6, 0.1, r); });
  ExpectAlike("small-world 100 6 1", [](Random& r) { return SmallWorldGraph(100, 6, 1, r); });
  ExpectAlike("scale-free 100 3", [](Random& r) { return ScaleFreeGraph(100, 3, r); });
  ExpectAlike("random 100 0.05", [](Random& r) { return RandomGraph(100, 0.05, r); });
  ExpectAlike("random 30 0.7", [](Random& r) { return RandomGraph(30, 0.7, r); });
  ExpectAlike("regular 50 6", [](Random& r) { return RegularGraph(50, 6, r); });
  ExpectAlike("regular 12 7", [](Random& r) { return RegularGraph(12, 7, r); });
}

}  // namespace
}  // namespace delstep
