// Graph files of other programs that were read as another graph once, and files of the same kinds.
// Each is either understood or refused by its name; where a hint says what to do, that is done here
// and gives the right graph.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "topology/graph_files.h"

namespace delstep {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Edge = Graph::Edge;

const std::vector<Edge> kPath = {{0, 1}, {1, 2}};
const std::vector<Edge> kTriangle = {{0, 1}, {0, 2}, {1, 2}};
const std::vector<Edge> kRing6 = {{0, 1}, {0, 5}, {1, 2}, {2, 3}, {3, 4}, {4, 5}};

NodesOptions Given(std::size_t count) { return {count, {}, {}}; }
NodesOptions NotGiven() {
  NodesOptions nodes;
  nodes.count_given = false;
  return nodes;
}

class TopologyFile : public testing::Test {
 protected:
  TopologyFile() {
    folder_ =
        std::filesystem::path(testing::TempDir()) /
        (std::string("topology_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~TopologyFile() override { std::filesystem::remove_all(folder_); }

  std::string Write(std::string_view name, std::string_view text) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  Result<Graph> Read(std::string_view name, std::string_view text,
                     const NodesOptions& nodes = NotGiven()) {
    return ReadGraphFile(Write(name, text), nodes);
  }
  void ExpectGraph(std::string_view name, std::string_view text, const std::vector<Edge>& edges,
                   std::size_t count, const NodesOptions& nodes = NotGiven()) {
    const auto graph = Read(name, text, nodes);
    ASSERT_TRUE(graph) << name << ": " << graph.error().message;
    EXPECT_EQ(graph->edges, edges) << name;
    EXPECT_EQ(graph->nodes, count) << name;
  }
  /// Returns the hint.
  std::string ExpectRefused(std::string_view name, std::string_view text, std::string_view message,
                            const NodesOptions& nodes = NotGiven()) {
    const auto graph = Read(name, text, nodes);
    EXPECT_FALSE(graph) << name << " was read, with " << (graph ? graph->edges.size() : 0)
                        << " edges";
    if (graph) return "";
    EXPECT_EQ(graph.error().code, ErrorCode::kFile) << name;
    EXPECT_THAT(graph.error().message, HasSubstr(std::string(message))) << name;
    // The file is named once: at the place, or in the message.
    const bool in_message = graph.error().message.find(name) != std::string::npos;
    EXPECT_NE(graph.error().where.empty(), !in_message) << name << ": " << graph.error().message;
    return graph.error().hint;
  }
  /// Runs the command of a hint in the folder; what it makes is read.
  /// Runs the command of a hint from the name of its program on to the file that it makes.
  void ExpectShellGives(const std::string& hint, std::string_view program, const std::string& made,
                        const std::vector<Edge>& edges, std::size_t count) {
    const auto begin = hint.find(program);
    ASSERT_NE(begin, hint.npos) << hint;
    const auto end = hint.rfind("> " + made);
    ASSERT_NE(end, hint.npos) << hint;
    const std::string command = fmt::format("cd '{}' && {}", folder_.string(),
                                            hint.substr(begin, end + 2 + made.size() - begin));
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
    const auto graph = ReadGraphFile((folder_ / made).string(), NotGiven());
    ASSERT_TRUE(graph) << command << graph.error().message;
    EXPECT_EQ(graph->edges, edges);
    EXPECT_EQ(graph->nodes, count);
  }
  void ExpectHintGives(const std::string& hint, const std::string& made,
                       const std::vector<Edge>& edges, std::size_t count) {
    const auto begin = hint.find("python3 -c \"");
    ASSERT_NE(begin, hint.npos) << hint;
    auto end = hint.find('"', begin + 12);
    while (end != hint.npos && hint[end - 1] == '\\') end = hint.find('"', end + 1);
    if (std::system("/usr/bin/python3 -c 'import networkx, numpy' 2> /dev/null") != 0)
      GTEST_SKIP() << "needs /usr/bin/python3 with networkx and numpy";
    const std::string command = fmt::format("cd '{}' && /usr/bin/{} 2> /dev/null", folder_.string(),
                                            hint.substr(begin, end + 1 - begin));
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
    const auto graph = ReadGraphFile((folder_ / made).string(), NotGiven());
    ASSERT_TRUE(graph) << graph.error().message;
    EXPECT_EQ(graph->edges, edges);
    EXPECT_EQ(graph->nodes, count);
  }

  std::filesystem::path folder_;
};

// ---- An adjacency list or a matrix is no edge list.

constexpr std::string_view kRingAdjacency = "0 1 5\n1 2\n2 3\n3 4\n4 5\n5\n";

TEST_F(TopologyFile, AnAdjacencyListIsRefusedByNameAndItsHintConvertsIt) {
  const std::string hint = ExpectRefused("ring.adjlist", kRingAdjacency, "adjacency list");
  ExpectHintGives(hint, "graph.json", kRing6, 6);
}

TEST_F(TopologyFile, AnAdjacencyListUnderAnotherNameIsKnownByItsLines) {
  const std::string hint = ExpectRefused("ring.txt", kRingAdjacency, "adjacency list");
  ExpectHintGives(hint, "graph.json", kRing6, 6);
  // A node with three neighbours, and one where every line has two.
  ExpectRefused("a.txt", "0 1 2 3\n1 2\n2 3\n3\n", "adjacency list");
  ExpectRefused("b.txt", "0 1 3\n1 0 2\n2 1 3\n3 0 2\n", "adjacency list");
  ExpectRefused("c.txt", "anna ben cleo\nben cleo\ncleo dan\ndan\n", "'cleo'");
  ExpectRefused("d.txt", "0: 1 5\n1: 2\n", "adjacency list");
  // networkx puts its command line in front.
  ExpectRefused("e.txt", "#prog.py\n# GMT Sun Nov 29\n#\n0 1 5\n1 2\n2 3\n3 4\n4 5\n5\n",
                "adjacency list");
}

TEST_F(TopologyFile, TheHintForFourColumnsLeavesTheFileAsItIs) {
  // With names as the hint would give them, and with blanks and quotes in them.
  for (const std::string_view name : {"edges.txt", "graph.edges", "my own 'edges' $x.txt"}) {
    const std::string text = "0,1,2.5,x\n1,2,1,y\n";
    const std::string hint = ExpectRefused(name, text, "4 fields in a line");
    ExpectShellGives(hint, "awk", name == "graph.edges" ? "graph-2.edges" : "graph.edges", kPath,
                     3);
    EXPECT_EQ(std::filesystem::file_size(folder_ / name), text.size()) << hint;
  }
  ExpectShellGives(ExpectRefused("bars.txt", "0 | 1|2.5 |x\n1|2|1|y\n", "4 fields"), "awk",
                   "graph.edges", kPath, 3);
}

TEST_F(TopologyFile, HintsForFilesOfOtherFormsGiveTheRightGraph) {
  const std::string_view file = "it's \"my\" $own.txt";
  const auto converts = [&](std::string_view text, std::string_view message,
                            const std::string& made, const std::vector<Edge>& edges,
                            std::size_t count) {
    SCOPED_TRACE(text);
    ExpectHintGives(ExpectRefused(file, text, message), made, edges, count);
  };
  converts("0,1,0,0\n1,0,1,0\n0,1,0,1\n0,0,1,0\n", "matrix", "graph.gml", {{0, 1}, {1, 2}, {2, 3}},
           4);
  converts("0.0 1.0 0.0\n1.0 0.0 0.5\n0.0 0.5 0.0\n", "matrix", "graph.gml", {{0, 1}, {1, 2, 0.5}},
           3);
  converts(",ann,ben,cleo\nann,0,1,0\nben,1,0,1\ncleo,0,1,0\n", "matrix with names", "graph.gml",
           kPath, 3);
  converts("x ann ben cleo\nann 0 1 0\nben 1 0 1\ncleo 0 1 0\n", "matrix with names", "graph.gml",
           kPath, 3);
  converts("0: 1 5\n1: 2\n2: 3\n\n3: 4\n4: 5\n", "adjacency list", "graph.json", kRing6, 6);
  converts("0: 1,2,3\n1: 0\n", "adjacency list", "graph.json", {{0, 1}, {0, 2}, {0, 3}}, 4);
  const std::string hint =
      ExpectRefused("a.brite",
                    "Topology: ( 3 Nodes, 2 Edges )\nModel\n\nNodes: ( 3 )\n0 1 1 2 2 -1 R\n\n"
                    "Edges: ( 2 )\n0 0 1 5.0 1 10.0 -1 -1 E U\n1 1 2 5.0 1 10.0 -1 -1 E U\n",
                    "BRITE");
  ExpectShellGives(hint, "awk", "graph.edges", kPath, 3);
}

TEST_F(TopologyFile, TuplesAreNamed) {
  for (const std::string_view text :
       {"(0, 0) (0, 1) {}\n(0, 1) (1, 1) {}\n", "(0, 0) (0, 1)\n", "('a', 1) ('b', 2) {}\n"}) {
    const std::string hint = ExpectRefused("tuples.edges", text, "tuples as labels");
    EXPECT_THAT(hint, HasSubstr("convert_node_labels_to_integers"));
  }
  for (const std::string_view text : {"(0, 1)\n(1, 2)\n", "('a', 'b')\n", "(0, 1),\n(1, 2)\n"})
    EXPECT_THAT(ExpectRefused("printed.edges", text, "is a tuple"), HasSubstr("write_edgelist"));
}

TEST_F(TopologyFile, HeadersInManyWordsAreHeaders) {
  for (const std::string_view header :
       {"node_a,node_b", "router1,router2", "peer,neighbour", "A,B", "Source node,Target node",
        "host1,host2,latency", "hub,spoke,loss", "Host A,Host B", "sep=,\nsource,target"}) {
    SCOPED_TRACE(header);
    const auto graph = Read("h.csv", std::string(header) + "\nann,ben\nben,cleo\n");
    ASSERT_TRUE(graph) << graph.error().message;
    EXPECT_EQ(graph->edges, kPath);
    EXPECT_THAT(graph->labels, ElementsAre("ann", "ben", "cleo"));
  }
  ExpectGraph("excel.csv", "sep=;\nsource;target\n0;1\n1;2\n", kPath, 3);
  // Single letters may be nodes, as those below are.
  ExpectGraph("letters.csv", "A,B\nB,C\n", kPath, 3);
  ExpectRefused("nodes.csv", "id,label\nann,Ann\nben,Ben\n", "a list of nodes");
  ExpectRefused("twice.csv", "source,target,loss,loss\n0,1,0.1,0.2\n", "two columns are called");
}

TEST_F(TopologyFile, WhatMayBeAHeaderIsSaid) {
  const auto graph = Read("odd.csv", "alpha,omega\nann,ben\nben,cleo\n");
  ASSERT_TRUE(graph);
  EXPECT_THAT(graph->notes, Contains(HasSubstr("two nodes that occur nowhere else, 'alpha'")));
  EXPECT_THAT(Read("marked.csv", "#alpha,omega\nann,ben\nben,cleo\n")->notes,
              ElementsAre(HasSubstr("'ann' is 10.0.0.1, 'cleo' is 10.0.0.3; nodes.names")));
}

TEST_F(TopologyFile, ColumnsThatAreNearlyPropertiesAreNamed) {
  EXPECT_THAT(Read("near.csv", "source,target,delay,bw,colour\n0,1,5ms,1,red\n")->notes,
              Contains(AllOf(HasSubstr("delay (did you mean latency"),
                             HasSubstr("bw (did you mean bandwidth"), HasSubstr(", colour"))));
}

TEST_F(TopologyFile, ParallelEdgesWithOtherPropertiesAreSaid) {
  EXPECT_THAT(Read("twice.csv", "source,target,latency\n0,1,5ms\n0,1,9ms\n1,2,\n")->notes,
              Contains(HasSubstr("passed over 1 edge of nodes that have one with other properties, "
                                 "the first in line 3")));
  // Each direction may have its own.
  EXPECT_THAT(Read("ways.csv", "source,target,latency\n0,1,5ms\n1,0,9ms\n0,1,5ms\n")->notes,
              IsEmpty());
}

TEST_F(TopologyFile, CommentsAtTheEndOfALineAreNoFields) {
  ExpectGraph("slashes.txt", "0 1 // first\n1 2 // second\n", kPath, 3);
  ExpectGraph("percent.txt", "0 1 % first\n1 2 2.5 % second\n", {{0, 1}, {1, 2, 2.5}}, 3);
  ExpectGraph("address.txt", "http://a.b b%c\nb%c d//e\n", kPath, 3);
}

TEST_F(TopologyFile, NetworkxMultiLineAdjacencyListIsKnown) {
  const std::string hint =
      ExpectRefused("net.txt", "0 2\n1 {}\n5 {}\n1 1\n2 {}\n2 1\n3 {}\n3 1\n4 {}\n4 1\n5 {}\n5 0\n",
                    "multi-line adjacency list");
  ExpectHintGives(hint, "graph.json", kRing6, 6);
}

TEST_F(TopologyFile, AMatrixIsRefusedByNameAndItsHintConvertsIt) {
  const std::string hint = ExpectRefused("matrix.txt", "0 1 0\n1 0 1\n0 1 0\n", "matrix");
  ExpectHintGives(hint, "graph.gml", kPath, 3);
  ExpectRefused("four.txt", "0 1 0 1\n1 0 1 0\n0 1 0 1\n1 0 1 0\n", "matrix");
  ExpectRefused("commas.csv", "0,1,0,1\n1,0,1,0\n0,1,0,1\n1,0,1,0\n", "matrix");
  ExpectRefused("directed.txt", "0 1 0\n0 0 1\n1 0 0\n", "matrix");
  ExpectRefused("glued.txt", "010\n101\n010\n", "whole number");
  ExpectRefused("matrix.json", "[[0, 1], [1, 0]]", "outermost value must be an object");
}

TEST_F(TopologyFile, WeightsThatAreNodesToAreStillWeights) {
  // All lines have one, and a node would be its own neighbour, or a neighbour twice.
  const auto ones = Read("ones.txt", "0 1 1\n1 2 1\n2 3 2\n");
  ASSERT_TRUE(ones) << ones.error().message;
  EXPECT_THAT(ones->edges, ElementsAre(Edge{0, 1, 1}, Edge{1, 2, 1}, Edge{2, 3, 2}));
  EXPECT_THAT(ones->notes, Contains(HasSubstr("weights")));
  // As the hint says, a point makes a number no node.
  EXPECT_TRUE(Read("points.txt", "0 1 5.0\n1 2\n2 3\n3 4\n4 5\n5\n"));
}

TEST_F(TopologyFile, SignsBetweenTwoNodesAreNoNodes) {
  ExpectRefused("arrow.txt", "0 -> 1\n1 -> 2\n", "'->' is no node");
  ExpectRefused("dashes.txt", "a -- b\nb -- c\n", "'--' is no node");
  ExpectRefused("colon.txt", "a : b\n", "':' is no node");
  ExpectRefused("glued.txt", "0-1\n1-2\n", "no line has two fields");
  ExpectRefused("arrows.txt", "a->b\nb->c\n", "no line has two fields");
  ExpectGraph("mended.txt", "0 1\n1 2\n", kPath, 3);
}

TEST_F(TopologyFile, OtherSeparatorsAreUnderstood) {
  ExpectGraph("semicolon.csv", "0;1\n1;2\n", kPath, 3);
  ExpectGraph("bar.txt", "0|1\n1|2\n", kPath, 3);
  ExpectGraph("quotes.csv", "\"0\",\"1\"\n\"1\",\"2\"\n", kPath, 3);
  const auto cities = Read("cities.csv", "\"New York\",\"Rome\"\n\"Rome\",\"Oslo, N\"\n");
  ASSERT_TRUE(cities) << cities.error().message;
  EXPECT_THAT(cities->labels, ElementsAre("New York", "Rome", "Oslo, N"));
}

// ---- Headers, comments, counts.

TEST_F(TopologyFile, AHeaderNamesTheColumns) {
  ExpectGraph("header.csv", "source,target\n0,1\n1,2\n2,0\n", kTriangle, 3);
  ExpectGraph("from.tsv", "from\tto\n0\t1\n1\t2\n", kPath, 3);
  ExpectGraph("quoted.csv", "\"from\";\"to\"\n0;1\n1;2\n", kPath, 3);
  ExpectGraph("ab.csv", "a,b\n0,1\n1,2\n", kPath, 3);
  ExpectGraph("pandas.csv", ",source,target\n0,0,1\n1,1,2\n", kPath, 3);
  ExpectGraph("snap.txt", "FromNodeId\tToNodeId\n0\t1\n1\t2\n", kPath, 3);
  const auto gephi = Read("gephi.csv",
                          "Source,Target,Type,Id,Label,Weight\n0,1,Undirected,0,,1.0\n"
                          "1,2,Undirected,1,,2.0\n");
  ASSERT_TRUE(gephi) << gephi.error().message;
  EXPECT_THAT(gephi->edges, ElementsAre(Edge{0, 1, 1}, Edge{1, 2, 2}));
  EXPECT_THAT(gephi->notes, Contains(HasSubstr("id, label")));
  ExpectRefused("directed.csv", "Source,Target,Type\n0,1,Directed\n", "no arc back");
}

TEST_F(TopologyFile, WordsThatAreNodesBelowAreNoHeader) {
  // A flow from a node named source: the words occur again.
  const auto flow = Read("flow.txt", "source target\nsource a\na target\n");
  ASSERT_TRUE(flow) << flow.error().message;
  EXPECT_EQ(flow->edges.size(), 3u);
  const auto two = Read("two.txt", "a b\nb c\n");
  ASSERT_TRUE(two) << two.error().message;
  EXPECT_EQ(two->nodes, 3u);
}

TEST_F(TopologyFile, AnUnknownHeaderOrFooterIsRefusedAndBothHintsWork) {
  const std::string hint = ExpectRefused("my.csv", "alpha,beta\n0,1\n1,2\n", "is it a header?");
  EXPECT_THAT(hint, HasSubstr("put # in front of the line, or call the columns source and target"));
  ExpectGraph("marked.csv", "#alpha,beta\n0,1\n1,2\n", kPath, 3);
  ExpectGraph("called.csv", "source,target\n0,1\n1,2\n", kPath, 3);
  ExpectRefused("footer.txt", "0 1\n1 2\nend of\n", "a line of words ('end', 'of')");
  ExpectGraph("footer2.txt", "0 1\n1 2\n#end of\n", kPath, 3);
  ExpectRefused("title.txt", "mynet\n0 1\n1 2\n", "a line of words");
}

TEST_F(TopologyFile, CommentsOfOtherProgramsAreComments) {
  ExpectGraph("percent.tsv", "% asym\n1 2\n2 3\n3 1\n", kTriangle, 3);
  ExpectGraph("slashes.txt", "// made\n0 1\n1 2\n2 0\n", kTriangle, 3);
  ExpectGraph("semicolon.txt", "; made by hand\n0 1\n1 2\n", kPath, 3);
  ExpectGraph("snap.txt", "# Nodes: 3 Edges: 2\n# FromNodeId\tToNodeId\n0\t1\n1\t2\n", kPath, 3);
}

TEST_F(TopologyFile, ACountOfNodesIsNoNode) {
  const std::string hint = ExpectRefused("count.txt", "3\n0 1\n1 2\n", "the number of nodes");
  EXPECT_THAT(hint, HasSubstr("put # in front of the line if it counts; else write it further"));
  ExpectGraph("marked.txt", "#3\n0 1\n1 2\n", kPath, 3);
  ExpectGraph("later.txt", "0 1\n1 2\n3\n", kPath, 4);
  // Who gave the number of nodes has said what it is.
  ExpectGraph("given.txt", "3\n0 1\n1 2\n", kPath, 4, Given(4));
  ExpectRefused("both.txt", "3 2\n0 1\n1 2\n", "the numbers of nodes and edges");
  ExpectRefused("one.txt", "3 2\n1 2\n2 3\n", "the numbers of nodes and edges");
  // From 1 on the number is a node anyway.
  ExpectGraph("harmless.txt", "3\n1 2\n2 3\n", kPath, 3);
}

TEST_F(TopologyFile, NumbersWithAPointAreNoNodes) {
  const std::string hint =
      ExpectRefused("savetxt.txt", "0.000e+00 1.000e+00\n1.000e+00 2.000e+00\n", "whole number");
  EXPECT_THAT(hint, HasSubstr("fmt='%d'"));
  ExpectRefused("zeros.txt", "001 002\n002 003\n", "whole number");
  ExpectRefused("negative.txt", "-1 0\n0 1\n", "whole number");
}

// ---- Other formats, by their names or by what they begin with.

TEST_F(TopologyFile, FormatsThatNobodyReadsAreRefusedByName) {
  ExpectRefused("a.net", "*Vertices 2\n1 \"a\"\n2 \"b\"\n*Edges\n1 2\n", "Pajek");
  ExpectRefused("a.txt", "*Vertices 2\n1 \"a\"\n2 \"b\"\n*Edges\n1 2\n", "Pajek");
  ExpectRefused("b.mtx", "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 2\n",
                "Matrix Market");
  ExpectRefused("b.txt", "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 2\n",
                "Matrix Market");
  ExpectRefused("c.g6", ">>graph6<<DQc\n", "graph6");
  ExpectRefused("c.txt", "DQc\n", "graph6");
  ExpectRefused("c.s6", ":Bc\n", "sparse6");
  ExpectRefused("d.gexf", "<?xml version='1.0'?><gexf><graph/></gexf>", "GEXF");
  ExpectRefused("d.xml", "<?xml version='1.0'?><gexf><graph/></gexf>", "GEXF");
  ExpectRefused("e.dot", "graph { a -- b }\n", "DOT");
  ExpectRefused("e.txt", "strict digraph \"x\" {\na -> b;\n}\n", "DOT");
  ExpectRefused("f.graph", "3 2\n2\n1 3\n2\n", "METIS");
  ExpectRefused("f.txt", "4 5\n2 3 4\n1 3\n1 2 4\n1 3\n", "METIS");
  ExpectRefused("g.lgl", "# a\nb\n", "LGL");
  ExpectRefused("h.tgf", "1 First\n2 Second\n#\n1 2\n", "trivial graph format");
  ExpectRefused("h.txt", "1 First\n2 Second\n#\n1 2\n", "trivial graph format");
  ExpectRefused("i.col", "c a comment\np edge 3 2\ne 1 2\ne 2 3\n", "DIMACS");
  ExpectRefused("i.txt", "c a comment\np edge 3 2\ne 1 2\ne 2 3\n", "DIMACS");
  ExpectRefused("j.txt", "LEDA.GRAPH\nstring\nint\n-1\n2\n", "LEDA");
  ExpectRefused("k.gdf", "nodedef>name VARCHAR\na\nb\n", "GDF");
  ExpectRefused("k.pkl", "\x80\x04", "pickle");
}

TEST_F(TopologyFile, HintsForPajekAndGraph6AreTrue) {
  ExpectHintGives(
      ExpectRefused("a.net", "*Vertices 3\n1 \"a\"\n2 \"b\"\n3 \"c\"\n*Edges\n1 2\n2 3\n", "Pajek"),
      "graph.json", kPath, 3);
  // B is 3 nodes; the pairs 01, 02, 12 are 1, 0, 1: 101000 is 40, and 63 + 40 is g.
  ExpectHintGives(ExpectRefused("b.g6", "Bg\n", "graph6"), "graph.json", kPath, 3);
}

TEST_F(TopologyFile, WhatAFileBeginsWithDecidesBeforeItsName) {
  ExpectGraph("net.txt",
              R"({"nodes": [{"id": 0}, {"id": 1}], "links": [{"source": 0, "target": 1}]})",
              {{0, 1}}, 2);
  ExpectGraph("net.xml",
              "<graphml><graph><node id='0'/><node id='1'/>"
              "<edge source='0' target='1'/></graph></graphml>",
              {{0, 1}}, 2);
  ExpectGraph("net.dat", "graph [ node [ id 0 ] node [ id 1 ] edge [ source 0 target 1 ] ]",
              {{0, 1}}, 2);
  ExpectGraph("net.NCOL", "0 1\n1 2\n", kPath, 3);
}

TEST_F(TopologyFile, BytesThatAreNoTextAreNamed) {
  ExpectRefused("pointer.edges",
                "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n", "Git LFS");
  ExpectRefused("empty.edges", "", "empty");
  ExpectRefused("utf16.edges",
                std::string_view("\xff\xfe"
                                 "0\0 \0"
                                 "1\0\n\0",
                                 10),
                "UTF-16");
  ExpectRefused("bare.edges",
                std::string_view("0\0 \0"
                                 "1\0\n\0",
                                 8),
                "UTF-16");
  ExpectRefused("net.edges.gz", std::string_view("\x1f\x8b\x08\0", 4), "gzip");
  ExpectRefused("net.zip", "PK\x03\x04", "zip");
}

// ---- Node-link JSON.

TEST_F(TopologyFile, EdgesNameNodesOfTheFile) {
  const std::string_view by_place =
      R"({"nodes": [{"id": "anna"}, {"id": "ben"}, {"id": "cleo"}],
          "links": [{"source": 0, "target": 1}, {"source": 1, "target": 2}]})";
  const std::string hint = ExpectRefused("index.json", by_place, "'0', which is the id of no node");
  EXPECT_THAT(hint, HasSubstr("links by place"));
  const std::string typo = ExpectRefused(
      "typo.json",
      R"({"nodes": [{"id": "anna"}, {"id": "ben"}], "links": [{"source": "anna", "target": "Ben"}]})",
      "'Ben', which is the id of no node", Given(3));
  EXPECT_THAT(typo, testing::Not(HasSubstr("links by place")));
  ExpectRefused("none.json", R"({"links": [{"source": 0, "target": 1}]})",
                "'0', which is the id of no node");
  // Nodes may come after the edges.
  ExpectGraph("later.json",
              R"({"links": [{"source": 1, "target": 0}], "nodes": [{"id": 0}, {"id": 1}]})",
              {{0, 1}}, 2);
}

TEST_F(TopologyFile, AnIdIsThatOfOneNode) {
  ExpectRefused("twice.json",
                R"({"nodes": [{"id": "a"}, {"id": "a"}, {"id": "b"}],
                    "links": [{"source": "a", "target": "b"}]})",
                "a second node 'a'", Given(3));
}

TEST_F(TopologyFile, JsonOfOtherFormsIsNamed) {
  EXPECT_THAT(ExpectRefused("capital.json",
                            R"({"nodes": [{"id": 0}, {"id": 1}], "Links": [{"source": 0}]})",
                            "it has 'nodes', 'Links'", Given(2)),
              HasSubstr("\"links\" or \"edges\""));
  const std::string adjacency = ExpectRefused(
      "adjacency.json",
      R"({"directed": false, "multigraph": false, "graph": [], "nodes": [{"id": 0}, {"id": 1}, {"id": 2}],
          "adjacency": [[{"id": 1}], [{"id": 0}, {"id": 2}], [{"id": 1}]]})",
      "adjacency_data", Given(3));
  ExpectHintGives(adjacency, "graph.json", kPath, 3);
}

TEST_F(TopologyFile, CytoscapeAndTreesAreNamedToo) {
  ExpectRefused("cyto.json",
                R"({"data": [], "directed": false, "multigraph": false, "elements": {
                    "nodes": [{"data": {"id": "0", "value": 0, "name": "0"}}], "edges": []}})",
                "cytoscape_data");
  const std::string tree = ExpectRefused(
      "tree.json", R"({"id": 0, "children": [{"id": 1, "children": [{"id": 2}]}]})", "tree_data");
  ExpectHintGives(tree, "graph.json", kPath, 3);
}

TEST_F(TopologyFile, NetworkxAndVisWriteNodeLinkInSeveralWays) {
  ExpectGraph(
      "edges.json",
      R"({"directed": false, "multigraph": true, "graph": {}, "nodes": [{"id": 0}, {"id": 1}],
                  "edges": [{"source": 0, "target": 1, "key": 0}, {"source": 0, "target": 1, "key": 1}]})",
      {{0, 1}}, 2);
  ExpectGraph("vis.json", R"({"nodes": [{"id": 1, "label": "a"}, {"id": 2, "label": "b"}],
                              "edges": [{"from": 1, "to": 2}]})",
              {{0, 1}}, 2);
}

// ---- Numbers with gaps, and how many nodes there are.

TEST_F(TopologyFile, NumbersWithGapsAreTakenInOrderWhereTheirNumberFits) {
  const std::string_view gml =
      "graph [\n  node [ id 0 ]\n  node [ id 1 ]\n  node [ id 7 ]\n"
      "  edge [ source 0 target 1 ]\n  edge [ source 1 target 7 ]\n]\n";
  ExpectGraph("gaps.gml", gml, kPath, 3, Given(3));
  ExpectGraph("gaps2.gml", gml, kPath, 3);
  ExpectGraph("large.edges", "100 200\n200 300\n", kPath, 3, Given(3));
  // In the order of numbers, not of lines.
  ExpectGraph("order.edges", "300 100\n200 300\n", {{0, 2}, {1, 2}}, 3);
  const auto graph = Read("note.edges", "100 200\n200 300\n");
  EXPECT_THAT(graph->notes, Contains(HasSubstr("100 is 10.0.0.1, 300 is 10.0.0.3")));
  EXPECT_THAT(graph->labels, ElementsAre("100", "200", "300"));
  // Numbers that fit are themselves, as before.
  ExpectGraph("fit.edges", "1 2\n4 2\n", {{0, 1}, {1, 3}}, 4, Given(4));
}

TEST_F(TopologyFile, TheHintForNumbersBeyondIsTrue) {
  const std::string hint = ExpectRefused("large.edges", "100 200\n200 300\n",
                                         "'100' is beyond nodes.count = 4", Given(4));
  EXPECT_EQ(hint, "the file names 3 nodes: set nodes.count = 3, or leave it out");
  const std::string text = ExpectRefused("names.edges", "a b\nb c\n", "the label 'c'", Given(2));
  EXPECT_EQ(text, "set nodes.count = 3, or leave it out");
  ExpectGraph("names2.edges", "a b\nb c\n", kPath, 3, Given(3));
}

TEST_F(TopologyFile, AddressesOfANetworkThatNodesHaveLeftAreTakenInOrder) {
  ExpectGraph("left.edges", "10.0.0.1 10.0.0.3\n10.0.0.3 10.0.0.4\n", kPath, 3);
  ExpectGraph("all.edges", "10.0.0.2 10.0.0.1\n10.0.0.2 10.0.0.3\n", kPath, 3);
}

// ---- Edges that a topology has no use for.

TEST_F(TopologyFile, AnEdgeToItselfIsPassedOverAndSaid) {
  const auto graph = Read("loop.edges", "0 1\n1 2\n2 2\n", Given(3));
  ASSERT_TRUE(graph) << graph.error().message;
  EXPECT_EQ(graph->edges, kPath);
  EXPECT_THAT(graph->notes,
              Contains(HasSubstr("1 edge from a node to itself, the first in line 3")));
}

TEST_F(TopologyFile, AGraphWithoutAnyEdgeIsSaid) {
  const auto graph = Read("alone.edges", "0\n1\n2\n");
  ASSERT_TRUE(graph) << graph.error().message;
  EXPECT_EQ(graph->nodes, 3u);
  EXPECT_THAT(graph->notes, Contains(HasSubstr("no edge")));
}

// ---- Properties of links.

TEST_F(TopologyFile, TheFormatsCarryPropertiesOfLinks) {
  using namespace std::chrono_literals;
  const std::vector<std::pair<std::string, std::string>> files = {
      {"net.csv", "source,target,loss,latency,bandwidth\n0,1,0.1,20ms,10Mbps\n1,2,,,\n"},
      {"net.edges",
       "0 1 {'loss': 0.1, 'latency': '20ms', 'bandwidth': '10Mbps', 'colour': 'red'}\n"
       "1 2 {}\n"},
      {"net.json", R"({"nodes": [{"id": 0}, {"id": 1}, {"id": 2}], "links": [
          {"source": 0, "target": 1, "loss": 0.1, "latency": "20ms", "bandwidth": "10Mbps"},
          {"source": 1, "target": 2}]})"},
      {"net.gml",
       "graph [ node [ id 0 ] node [ id 1 ] node [ id 2 ] edge [ source 0 target 1 "
       "loss 0.1 latency \"20ms\" bandwidth \"10Mbps\" ] edge [ source 1 target 2 ] ]"},
      {"net.graphml",
       "<graphml><key id='d0' for='edge' attr.name='loss'/><key id='d1' for='edge' "
       "attr.name='latency'/><key id='d2' for='edge' attr.name='bandwidth'/><graph>"
       "<node id='0'/><node id='1'/><node id='2'/><edge source='0' target='1'><data key='d0'>0.1"
       "</data><data key='d1'>20ms</data><data key='d2'>10Mbps</data></edge>"
       "<edge source='1' target='2'/></graph></graphml>"}};
  const auto way = [](std::uint32_t from, std::uint32_t to) {
    return Graph::Link{
        .from = from, .to = to, .loss = 0.1, .latency = Latency{.a = 20ms}, .bandwidth = 1e7};
  };
  for (const auto& [name, text] : files) {
    const auto graph = Read(name, text);
    ASSERT_TRUE(graph) << name << ": " << graph.error().message;
    EXPECT_EQ(graph->edges, kPath) << name;
    EXPECT_THAT(graph->links, ElementsAre(way(0, 1), way(1, 0))) << name;
  }
}

TEST_F(TopologyFile, AWrongPropertyIsNamedWithItsLine) {
  const std::string hint =
      ExpectRefused("net.csv", "source,target,latency\n0,1,20\n", "latency: '20' is not a latency");
  EXPECT_THAT(hint, HasSubstr("20ms"));
  ExpectRefused("net2.csv", "source,target,loss\n0,1,2\n", "loss:");
  ExpectRefused("net3.csv", "source,target,bandwidth\n0,1,fast\n", "bandwidth:");
  ExpectRefused("net.json", R"({"nodes": [{"id": 0}, {"id": 1}], "links": [
      {"source": 0, "target": 1, "latency": 20}]})",
                "latency:");
}

TEST_F(TopologyFile, EveryWriterIsReadBackWithPropertiesOfEachDirection) {
  using namespace std::chrono_literals;
  Graph graph;
  graph.nodes = 4;
  graph.edges = {{0, 1, 2}, {1, 2, 1}, {1, 3, 0.5}};
  const Latency uniform{.kind = Latency::Kind::kUniform, .a = 1ns, .b = 1'234'567'891ns};
  graph.links = {{.from = 0, .to = 1, .loss = 0.1, .latency = {}, .bandwidth = {}},
                 {.from = 1, .to = 2, .loss = {}, .latency = uniform, .bandwidth = 12345678.5},
                 {.from = 2, .to = 1, .loss = {}, .latency = uniform, .bandwidth = 12345678.5}};
  for (const bool labelled : {false, true}) {
    if (labelled) graph.labels = {"anna", "ben", "cleo", "dan"};
    const std::pair<const char*, std::string> files[] = {{"g.edges", WriteEdgeList(graph)},
                                                         {"g.csv", WriteEdgeTable(graph)},
                                                         {"g.json", WriteNodeLink(graph)},
                                                         {"g.graphml", WriteGraphml(graph)},
                                                         {"g.gml", WriteGml(graph)}};
    for (const auto& [name, text] : files) {
      const auto back = Read(name, text);
      ASSERT_TRUE(back) << name << ": " << back.error().message << "\n" << text;
      EXPECT_EQ(back->edges, graph.edges) << text;
      EXPECT_EQ(back->links, graph.links) << text;
      EXPECT_EQ(back->labels, graph.labels) << text;
    }
  }
}

// ---- Files of well-known collections.

TEST_F(TopologyFile, CollectionsOfNetworksAreRead) {
  // Topology Zoo: comments in keys, a link to itself, parallel links.
  ExpectGraph(
      "Zoo.gml",
      "graph [\n  DateObtained \"22/10/10\"\n  GeoLocation \"Spain\"\n  directed 0\n"
      "  node [\n    id 0\n    label \"None\"\n    Longitude 2.1\n  ]\n"
      "  node [\n    id 1\n    label \"None\"\n  ]\n"
      "  edge [\n    source 0\n    target 1\n    LinkLabel \"10 Gbps\"\n  ]\n"
      "  edge [\n    source 1\n    target 0\n  ]\n  edge [\n    source 1\n    target 1\n  ]\n]\n",
      {{0, 1}}, 2);
  ExpectGraph("igraph.gml",
              "Creator \"igraph version 0.10.4\"\nVersion 1\ngraph\n[\n  directed 0\n  node\n  [\n"
              "    id 0\n    name \"a\"\n  ]\n  node\n  [\n    id 1\n    name \"b\"\n  ]\n  edge\n"
              "  [\n    source 1\n    target 0\n  ]\n]\n",
              {{0, 1}}, 2);
  const std::string yed =
      "<?xml version=\"1.0\"?><graphml xmlns:y=\"http://www.yworks.com/xml/graphml\">"
      "<key for=\"edge\" id=\"d9\" yfiles.type=\"edgegraphics\"/>"
      "<graph edgedefault=\"undirected\" id=\"G\"><node id=\"n0\"><data key=\"d6\"><y:ShapeNode/>"
      "</data></node><node id=\"n1\"/><edge id=\"e0\" source=\"n0\" target=\"n1\"><data key=\"d9\">"
      "<y:PolyLineEdge/></data></edge></graph></graphml>";
  ExpectGraph("yed.graphml", yed, {{0, 1}}, 2);
  std::string arrows = yed;
  arrows.replace(arrows.find("undirected"), 10, "directed");
  EXPECT_THAT(ExpectRefused("yed2.graphml", arrows, "has no arc back"), HasSubstr("undirected"));
  // KONECT: weight and time behind the ends.
  const std::string four =
      ExpectRefused("out.konect", "% sym\n1 2 1 1095\n2 3 1 1096\n", "4 fields in a line");
  EXPECT_THAT(four, HasSubstr("print $1, $2}'"));
  ExpectGraph("cut.konect", "% sym\n1 2\n2 3\n", kPath, 3);
}

}  // namespace
}  // namespace delstep
