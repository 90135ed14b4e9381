#include "topology/graph_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "delstep/types.h"

namespace delstep {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Edge = Graph::Edge;

NodesOptions Nodes(std::size_t count) { return {count, {}, {}}; }

Result<Graph> FromList(std::string_view text, const NodesOptions& nodes = Nodes(4)) {
  return ReadEdgeList(text, "g.edges", nodes);
}
Result<Graph> FromJson(std::string_view text, const NodesOptions& nodes = Nodes(4)) {
  return ReadNodeLink(text, "g.json", nodes);
}
Result<Graph> FromGraphml(std::string_view text, const NodesOptions& nodes = Nodes(4)) {
  return ReadGraphml(text, "g.graphml", nodes);
}
Result<Graph> FromGml(std::string_view text, const NodesOptions& nodes = Nodes(4)) {
  return ReadGml(text, "g.gml", nodes);
}

void ExpectError(const Result<Graph>& graph, std::string_view where, std::string_view message) {
  ASSERT_FALSE(graph.ok());
  EXPECT_EQ(graph.error().code, ErrorCode::kFile);
  EXPECT_EQ(graph.error().where, where);
  EXPECT_THAT(graph.error().message, HasSubstr(message));
}

TEST(EdgeList, TakesBlanksTabsCommasCommentsAndWeights) {
  const auto graph = FromList("\xef\xbb\xbf# a graph\r\n0 1\r\n\n 1\t2 2.5 # heavy\n2,3, 0.5");
  ASSERT_TRUE(graph.ok()) << graph.error().message;
  EXPECT_THAT(graph->edges, ElementsAre(Edge{0, 1, 1}, Edge{1, 2, 2.5}, Edge{2, 3, 0.5}));
  EXPECT_THAT(graph->labels, IsEmpty());
}

// `@west x` were two nodes, and a range was one.
TEST(EdgeList, RefusesWhatMeansManyNodes) {
  ExpectError(FromList("0 1\n@west 2\n"), "g.edges:2", "'@west' is a group and no node");
  ExpectError(FromList("x all\n"), "g.edges:1", "'all' means every node");
  ExpectError(FromList("10.0.0.[1-3] 10.0.0.4\n"), "g.edges:1", "is a range and no node");
}

// It was called an adjacency list, and the advice for one made nodes of 0 and 5.
TEST(EdgeList, NamesADecimalComma) {
  for (const char* text : {"Quelle;Ziel;Gewicht\r\n1;2;0,5\r\n", "source;target;weight\n1;2;0,5\n",
                           "source;target;loss\n1;2;0,5\n", "0\t1\n1\t2\t0,5\n"}) {
    const auto graph = FromList(text);
    ExpectError(graph, "g.edges:2", "'0,5'");
    EXPECT_EQ(graph.error().hint, "write a decimal point: 0.5") << text;
  }
}

// The hint for what NumPy writes, 1.0, was also given for what people write, 01 and -1.
TEST(EdgeList, SaysWhatToDoAboutNumbersThatAreNoWholeOnes) {
  EXPECT_THAT(FromList("1.0 2.0\n").error().hint, HasSubstr("numpy.savetxt"));
  for (const char* text : {"01 2\n", "-1 2\n"})
    EXPECT_THAT(FromList(text).error().hint, HasSubstr("such as n1")) << text;
}

TEST(EdgeList, NamesAnAdjacencyListWithColonsWhateverItsWidth) {
  for (const char* text : {"a: b c\nb: a d\nc: a d\n", "a: b\nb: a\n", "a: b c d\nb: a\n"}) {
    const auto graph = FromList(text);
    ExpectError(graph, "g.edges:1", "adjacency list");
    EXPECT_THAT(graph.error().hint, HasSubstr("parse_adjlist")) << text;
  }
}

TEST(GraphFiles, NamesAmongAddressesAreTakenInTheirOrderWhereNoNamesAreGiven) {
  const std::string_view saved =
      "graph [ node [ id 0 label \"ann\" ] node [ id 1 label \"10.0.0.2\" ]"
      " node [ id 2 label \"cy\" ] edge [ source 0 target 2 ] ]";
  const auto read = FromGml(saved, Nodes(3));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_THAT(read->edges, ElementsAre(Edge{0, 2}));
  EXPECT_THAT(read->labels, ElementsAre("ann", "10.0.0.2", "cy"));
  EXPECT_THAT(read->notes, ElementsAre(HasSubstr("'ann' is 10.0.0.1, 'cy' is 10.0.0.3")));
  // With the names they are found wherever they stand.
  const NodesOptions named{3, {}, {"cy", "", "ann"}};
  EXPECT_THAT(FromGml(saved, named)->edges, ElementsAre(Edge{0, 2}));
  // An address in another place than its own would be another node than it says.
  ExpectError(FromList("ann cy\n10.0.0.2 ann\n", Nodes(3)), "g.edges:1", "'ann' is neither");
  ExpectError(FromList("10.0.0.1 10.0.O.2\n", Nodes(3)), "g.edges:1", "'10.0.O.2' is neither");
  ExpectError(FromList("ann 10.0.0.2\n", {3, {}, {"bea"}}), "g.edges:1", "'ann' is neither");
}

TEST(EdgeList, TakesTheDictionariesThatNetworkxWrites) {
  EXPECT_THAT(FromList("0 1 {}\n1 2 {'weight': 2.5}\n")->edges,
              ElementsAre(Edge{0, 1, 1}, Edge{1, 2, 2.5}));
  // What else networkx keeps of an edge says nothing to us.
  EXPECT_THAT(FromList("0 1 {'colour': 'red, {', 'l': [1, {'a': 2}], 'weight': 2}")->edges,
              ElementsAre(Edge{0, 1, 2}));
  ExpectError(FromList("0 1 {colour}"), "g.edges:1", "{'weight': 2.5}");
  ExpectError(FromList("0 1 {'weight': nan}"), "g.edges:1", "weight 'nan'");
}

TEST(EdgeList, MergesAnEdgeGivenTwiceEitherWayRound) {
  EXPECT_THAT(FromList("0 1 7\n1 0 8\n0 1 9\n")->edges, ElementsAre(Edge{0, 1, 7}));
}

TEST(EdgeList, CountsFromOneIfNoZeroOccurs) {
  EXPECT_THAT(FromList("1 2\n4 1\n")->edges, ElementsAre(Edge{0, 1}, Edge{0, 3}));
  EXPECT_THAT(FromList("1 2\n3 0\n")->edges, ElementsAre(Edge{0, 3}, Edge{1, 2}));
  ExpectError(FromList("1 2\n1 4\n4 0\n", Nodes(3)), "g.edges:2", "'4' is beyond nodes.count = 3");
  ExpectError(FromList("1 2\n5 1\n"), "g.edges:2", "'5' is beyond nodes.count = 4");
  ExpectError(FromList("1 18446744073709551615\n"), "g.edges:1", "beyond nodes.count");
}

TEST(EdgeList, FindsNodesByDefaultAddressGivenAddressAndName) {
  NodesOptions nodes = Nodes(4);
  nodes.addresses = {Address{(192u << 24) + 7}};
  nodes.names = {"hub", "7"};
  const auto graph = FromList("10.0.0.4 192.0.0.7\nhub 10.0.0.3\n7 hub", nodes);
  ASSERT_TRUE(graph.ok()) << graph.error().message;
  EXPECT_THAT(graph->edges, ElementsAre(Edge{0, 1}, Edge{0, 2}, Edge{0, 3}));
  EXPECT_THAT(graph->labels, ElementsAre("192.0.0.7", "7", "10.0.0.3", "10.0.0.4"));
  EXPECT_THAT(FromList("10.0.0.2 10.0.0.3\nhub 192.0.0.7", nodes)->notes,
              ElementsAre(HasSubstr("to itself, the first in line 2")));
}

TEST(EdgeList, RefusesAnAddressOfNoNodeAmongAddresses) {
  ExpectError(FromList("10.0.0.1 10.0.0.2\n\n10.0.0.1 10.0.0.5"), "g.edges:3",
              "'10.0.0.5' is neither address nor name of one of the nodes (nodes.count = 4)");
}

TEST(EdgeList, NamesTheNodeThatALabelIsNearTo) {
  NodesOptions nodes = Nodes(2);
  nodes.names = {"Anna", "Ben"};
  EXPECT_EQ(FromList("Anna ben", nodes).error().hint, "did you mean 'Ben'?");
  EXPECT_THAT(FromList("Anna rome", nodes).error().hint, HasSubstr("name the node in nodes.names"));
}

TEST(EdgeList, NumbersOtherLabelsByFirstAppearance) {
  const auto graph = FromList("paris rome\noslo paris\n");
  EXPECT_THAT(graph->edges, ElementsAre(Edge{0, 1}, Edge{0, 2}));
  EXPECT_THAT(graph->labels, ElementsAre("paris", "rome", "oslo", "node3"));
  ExpectError(FromList("a b\nc d\nd e\n"), "g.edges:3", "'e' is that of a node number 5");
  ExpectError(FromList("a b\nc d\nd e\n"), "g.edges:3", "nodes.count = 4");
}

TEST(EdgeList, ReadsBackLabelsMadeUpForNodesThatAFileDoesNotMention) {
  NodesOptions nodes = Nodes(5);
  nodes.names = {"node2"};
  const auto graph = FromList("node4 rome\n", nodes);
  EXPECT_THAT(graph->labels, ElementsAre("node4", "rome", "node2_", "node3", "node4_"));
  EXPECT_EQ(FromList(WriteEdgeList(*graph), nodes)->labels, graph->labels);
}

TEST(EdgeList, RefusesWhatIsNoEdgeAndNamesTheLine) {
  ExpectError(FromList("0 1 nan\n"), "g.edges:1", "'nan' is not a finite number");
  ExpectError(FromList("0 1 inf\n"), "g.edges:1", "'inf' is not a finite number");
  ExpectError(FromList("0 1 1e999\n"), "g.edges:1", "'1e999' is not a finite number");
  ExpectError(FromList("0 1\n\n0 1 2 3\n"), "g.edges:3", "4 fields");
  ExpectError(FromList(""), "g.edges", "names no node");
  ExpectError(FromList("# nothing\n\n"), "g.edges", "names no node");
}

TEST(EdgeList, RefusesBinaryFilesAndBrokenUtf8) {
  ExpectError(FromList(std::string_view("0 1\n\0\1", 6)), "g.edges:2", "byte 0x00 at offset 4");
  ExpectError(FromList("0 1\na \xff"), "g.edges:2", "byte 0xff at offset 6");
  ExpectError(FromList("\xed\xa0\x80 a"), "g.edges:1", "byte 0xed at offset 0");
  EXPECT_TRUE(FromList("z\xc3\xbcrich gen\xc3\xa8ve").ok());
}

TEST(EdgeList, RefusesLabelsAndLinesBeyondReason) {
  ExpectError(FromList("0 " + std::string(1 << 20, 'x')), "g.edges:1", "1048576 bytes");
  EXPECT_LT(FromList("0 " + std::string(1 << 20, 'x')).error().message.size(), 200u);
  std::string many;
  for (int i = 0; i < 100000; ++i) many += "1 ";
  ExpectError(FromList(many), "g.edges:1", "100000 fields");
}

TEST(EdgeList, KeepsNodesWithoutEdgesAndTheOrderOfNodes) {
  const Graph numbered = {4, {{1, 2, 0.1}, {1, 3, 1e-300}}, {}, {}};
  EXPECT_EQ(WriteEdgeList(numbered), "1 2 0.1\n1 3 1.0e-300\n0\n");
  EXPECT_EQ(FromList(WriteEdgeList(numbered))->edges, numbered.edges);
  const Graph labelled = {4, {{0, 3}, {1, 2}}, {"a", "b", "c", "d"}, {}};
  const auto back = FromList(WriteEdgeList(labelled));
  EXPECT_EQ(back->edges, labelled.edges);
  EXPECT_EQ(back->labels, labelled.labels);
}

TEST(EdgeList, NumbersNodesWhoseLabelsItCouldNotHold) {
  EXPECT_EQ(WriteEdgeList({2, {{0, 1}}, {"New York", "Rome"}, {}}), "0 1\n");
  EXPECT_EQ(WriteEdgeList({2, {{0, 1}}, {"a", "a"}, {}}), "0 1\n");
}

TEST(NodeLink, ReadsLinksAndEdgesWithNumbersAndTexts) {
  EXPECT_THAT(FromJson(R"({"directed": false, "multigraph": false, "graph": {"links": [1]},
    "nodes": [{"id": 0, "pos": [0, 1]}, {"pos": {"id": []}, "id": 1}, {"id": "2"}],
    "links": [{"source": 0, "target": 1, "weight": 2.5, "key": 0},
              {"weight": 3, "source": 2, "target": 1}]})")
                  ->edges,
              ElementsAre(Edge{0, 1, 2.5}, Edge{1, 2, 3}));
  const auto graph = FromJson(R"({"nodes": [{"id": "a b"}, {"id": "\u00fc"}],
                                   "edges": [{"source": "a b", "target": "\u00fc"}]})");
  EXPECT_THAT(graph->edges, ElementsAre(Edge{0, 1}));
  EXPECT_THAT(graph->labels, ElementsAre("a b", "\xc3\xbc", "node2", "node3"));
}

TEST(NodeLink, TakesADirectedGraphOnlyIfEachArcHasItsReverse) {
  EXPECT_THAT(FromJson(R"({"links": [{"source": 0, "target": 1}, {"source": 1, "target": 0}],
                           "directed": true, "nodes": [{"id": 0}, {"id": 1}]})")
                  ->edges,
              ElementsAre(Edge{0, 1}));
  ExpectError(FromJson("{\"directed\": true, \"links\": [\n{\"source\": 0, \"target\": 1},\n"
                       "{\"source\": 1, \"target\": 0},\n{\"source\": 2, \"target\": 1}], "
                       "\"nodes\": [{\"id\": 0}, {\"id\": 1}, {\"id\": 2}]}"),
              "g.json:4", "arc from '2' to '1' has no arc back");
}

TEST(NodeLink, MergesTheParallelEdgesOfAMultigraph) {
  EXPECT_THAT(
      FromJson(
          R"({"multigraph": true, "nodes": [{"id": 0}, {"id": 1}], "links": [{"source": 0, "target": 1, "key": 0},
                           {"source": 0, "target": 1, "key": 1}]})")
          ->edges,
      ElementsAre(Edge{0, 1}));
}

TEST(NodeLink, RefusesWhatIsNoGraphAndNamesTheLine) {
  ExpectError(FromJson(""), "g.json:1", "not valid JSON");
  ExpectError(FromJson("{\n\"nodes\": [\n{\"id\": 1,}]}"), "g.json:3", "not valid JSON");
  ExpectError(FromJson("{\"links\": [{\"source\": 0, \"target\": 1, \"weight\": NaN}]}"),
              "g.json:1", "not valid JSON");
  for (const char* number : {"NaN", "Infinity", "-Infinity"})
    EXPECT_THAT(FromJson(std::string(R"({"links": [{"source": 0, "target": 1, "weight": )") +
                         number + "}]}")
                    .error()
                    .hint,
                HasSubstr("JSON has no NaN"))
        << number;
  ExpectError(FromJson("{\"links\":\n[{\"source\": 0, \"target\": 1, \"weight\": 1e999}]}"),
              "g.json:2", "not valid JSON");
  EXPECT_EQ(FromJson("{\"nodes\": [{\"id\": 1}, ]}").error().hint,
            "leave out the comma before the bracket");
  EXPECT_EQ(FromJson("{\"nodes\": [{\"id\": 1,\n}]}").error().hint,
            "leave out the comma before the bracket");
  EXPECT_EQ(FromJson("{\"nodes\": [1 2]}").error().hint, "{\"id\": 0}");
  EXPECT_EQ(FromJson("{\"nodes\": [{\"id\": 1]}").error().hint, "");
  EXPECT_THAT(FromJson("[[0, 1], [1, 2]]").error().hint, HasSubstr("one edge a line: a b"));
  EXPECT_THAT(FromJson("{\"nodes\": [{\"name\": \"a\"}]}").error().hint,
              HasSubstr("{\"id\": \"a\"}"));
  EXPECT_THAT(FromJson("{\"links\": [{\"source\": 1}]}").error().hint, HasSubstr("ids of nodes"));
  ExpectError(FromJson("\0\1\2"), "g.json:1", "not valid JSON");
  ExpectError(FromJson("[1]"), "g.json:1", "outermost value");
  ExpectError(FromJson("3"), "g.json:1", "outermost value");
  ExpectError(FromJson("{}"), "g.json", "names no node");
  ExpectError(FromJson("{\"nodes\": []}"), "g.json", "names no edge: no list");
  ExpectError(FromJson("{\"nodes\": [], \"links\": []}"), "g.json", "names no node");
  ExpectError(FromJson("{\"nodes\": {}}"), "g.json:1", "\"nodes\" must be a list");
  ExpectError(FromJson("{\"nodes\": 3}"), "g.json:1", "\"nodes\" must be a list");
  ExpectError(FromJson("{\"nodes\":\n[1]}"), "g.json:2", "must be an object");
  ExpectError(FromJson("{\"links\":\n[[1]]}"), "g.json:2", "must be an object");
  ExpectError(FromJson("{\"nodes\": [\n{\"id\": [0, 1]}]}"), "g.json:2", "\"id\" must be");
  ExpectError(FromJson("{\"nodes\": [\n{\"id\": 1.5}]}"), "g.json:2", "\"id\" must be");
  ExpectError(FromJson("{\"nodes\": [\n{\"id\": {}}]}"), "g.json:2", "\"id\" must be");
  ExpectError(FromJson("{\"nodes\": [\n{\"name\": 1}]}"), "g.json:2", "without \"id\"");
  ExpectError(FromJson("{\"links\": [\n{\"source\": 1}]}"), "g.json:2", "without \"source\"");
  ExpectError(FromJson("{\"links\": [{\"source\": 0, \"target\": 1, \"weight\": \"2\"}]}"),
              "g.json:1", "\"weight\" must be a number");
  ExpectError(FromJson("{\"nodes\": [{\"id\": \"a\\u0000b\"}]}"), "g.json:1", "control characters");
  ExpectError(FromJson("{\"nodes\": [{\"id\": \"\"}]}"), "g.json:1", "label is empty");
}

TEST(NodeLink, NamesTheLineOfALabelBeyondTheNodes) {
  ExpectError(
      FromJson("{\"nodes\": [\n{\"id\": 0},\n{\"id\":\n4\n},\n{\"id\": 1}], \"links\": []}"),
      "g.json:5", "'4' is beyond nodes.count = 4");
}

TEST(NodeLink, SurvivesDeepNesting) {
  const std::string deep(1'000'000, '[');
  ExpectError(FromJson(deep), "g.json:1", "outermost value");
  ExpectError(FromJson("{\"graph\": " + deep), "g.json:1", "not valid JSON");
  EXPECT_TRUE(FromJson("{\"nodes\": [{\"id\": 1}], \"links\": [], \"graph\": " + deep +
                       std::string(deep.size(), ']') + "}")
                  .ok());
}

TEST(NodeLink, ReadsBackWhatItWrites) {
  const Graph plain = {4, {{0, 2}, {1, 2}}, {}, {}};
  EXPECT_EQ(FromJson(WriteNodeLink(plain))->edges, plain.edges);
  const Graph rich = {3,
                      {{0, 2, 0.1}, {1, 2, 1}},
                      {"a \"b\" \\", "c, d", "\xc3\xbc"},
                      {{0, 1}, {0.5, 0.25}, {1, 1}}};
  EXPECT_THAT(WriteNodeLink(rich),
              AllOf(HasSubstr(R"({"id": "a \"b\" \\", "pos": [0, 1]})"),
                    HasSubstr(R"({"source": "c, d", "target": ")"), HasSubstr("\"weight\": 0.1}")));
  const auto back = FromJson(WriteNodeLink(rich), Nodes(3));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(back->edges, rich.edges);
  EXPECT_EQ(back->labels, rich.labels);
}

constexpr std::string_view kGraphml = R"(<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="d0" for="edge" attr.name="weight" attr.type="double"><default>3</default></key>
  <key id="d1" for="node" attr.name="colour" attr.type="string"/>
  <graph id="G" edgedefault="undirected">
    <desc>three &amp; more</desc>
    <node id="0"><data key="d1">green</data></node>
    <node id="1"/>
    <node id="2"/>
    <edge id="e0" source="0" target="1"><data key="d0"> 2.5 </data></edge>
    <edge source="2" target="1"/>
  </graph>
</graphml>
)";

TEST(Graphml, ReadsNodesEdgesAndWeightsWithTheirDefault) {
  const auto graph = FromGraphml(kGraphml);
  ASSERT_TRUE(graph.ok()) << graph.error().message;
  EXPECT_THAT(graph->edges, ElementsAre(Edge{0, 1, 2.5}, Edge{1, 2, 3}));
  EXPECT_THAT(graph->labels, IsEmpty());
}

std::string GraphmlOf(std::string_view body, std::string_view attributes = "") {
  return "<graphml><graph " + std::string(attributes) + ">\n" + std::string(body) +
         "\n</graph></graphml>";
}

TEST(Graphml, ResolvesCharactersInIdsAndTakesPrefixes) {
  const auto graph = FromGraphml(
      "<g:graphml xmlns:g='u'><g:graph><g:node id='a &lt;&#252;&gt;'/><g:node id=\"b\"/>"
      "<g:edge target='a &lt;&#xfc;&gt;' source='b'/></g:graph></g:graphml>");
  ASSERT_TRUE(graph.ok()) << graph.error().message;
  EXPECT_THAT(graph->edges, ElementsAre(Edge{0, 1}));
  EXPECT_THAT(graph->labels, ElementsAre("a <\xc3\xbc>", "b", "node2", "node3"));
}

TEST(Graphml, TakesDirectedEdgesOnlyWithTheirReverse) {
  const std::string nodes = "<node id='0'/><node id='1'/><node id='2'/>\n";
  const std::string arc = "<edge source='0' target='1'/>\n",
                    back = "<edge source='1' target='0'/>\n";
  EXPECT_THAT(FromGraphml(GraphmlOf(nodes + arc + back, "edgedefault='directed'"))->edges,
              ElementsAre(Edge{0, 1}));
  ExpectError(FromGraphml(GraphmlOf(nodes + arc, "edgedefault='directed'")), "g.graphml:3",
              "arc from '0' to '1' has no arc back");
  // Single edges may differ from the default.
  ExpectError(FromGraphml(GraphmlOf(nodes + "<edge source='0' target='1' directed='true'/>")),
              "g.graphml:3", "has no arc back");
  EXPECT_TRUE(FromGraphml(GraphmlOf(nodes + arc + back +
                                        "<edge source='2' target='1' "
                                        "directed='false'/>",
                                    "edgedefault='directed'"))
                  .ok());
}

TEST(Graphml, RefusesWhatIsNoSuchGraphAndNamesTheLine) {
  ExpectError(FromGraphml(""), "g.graphml:1", "not valid XML: no document element");
  ExpectError(FromGraphml("<graphml>\n<graph>"), "g.graphml:2", "not valid XML");
  ExpectError(FromGraphml("<html/>"), "g.graphml:1", "'html', expected <graphml>");
  ExpectError(FromGraphml("<graphml/>"), "g.graphml:1", "no <graph>");
  ExpectError(FromGraphml(GraphmlOf("")), "g.graphml:1", "names no node");
  ExpectError(FromGraphml("<graphml><graph/>\n<graph/></graphml>"), "g.graphml:2",
              "second <graph>");
  ExpectError(FromGraphml(GraphmlOf("<node/>")), "g.graphml:2", "without id");
  ExpectError(FromGraphml(GraphmlOf("<node id='a'/>\n<node id='a'/>")), "g.graphml:3",
              "a second node 'a'");
  ExpectError(FromGraphml(GraphmlOf("<node id='a'/>\n<edge source='a' target='b'/>")),
              "g.graphml:3", "'b', which is no <node>");
  ExpectError(FromGraphml(GraphmlOf("<node id='a'/><edge source='a'/>")), "g.graphml:2",
              "without source and target");
  ExpectError(FromGraphml(GraphmlOf("<hyperedge/>")), "g.graphml:2", "<hyperedge>");
  ExpectError(FromGraphml(GraphmlOf("<node id='a'><graph/></node>")), "g.graphml:2",
              "a graph inside a node");
  ExpectError(FromGraphml(GraphmlOf("<node id='a'/>", "edgedefault='maybe'")), "g.graphml:1",
              "edgedefault is 'maybe'");
  std::string bad_weight(kGraphml);
  bad_weight.replace(bad_weight.find("2.5"), 3, "big");
  ExpectError(FromGraphml(bad_weight), "g.graphml:10", "the weight ' big");
  ExpectError(FromGraphml("<graphml>\n\xff"), "g.graphml:2", "not UTF-8 text: byte 0xff");
}

TEST(Graphml, ExpandsNoEntitiesOfADocumentType) {
  const auto graph = FromGraphml(
      "<!DOCTYPE graphml [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>\n"
      "<graphml><graph><node id='&a;'/><node id='&f;'/></graph></graphml>");
  ASSERT_TRUE(graph.ok()) << graph.error().message;
  EXPECT_THAT(graph->labels, ElementsAre("&a;", "&f;", "node2", "node3"));
}

TEST(Graphml, SurvivesDeepNestingAndRefusesEveryPrefix) {
  std::string deep = "<graphml>";
  for (int i = 0; i < 300'000; ++i) deep += "<a>";
  ExpectError(FromGraphml(deep), "g.graphml:1", "not valid XML");
  for (int i = 0; i < 300'000; ++i) deep += "</a>";
  ExpectError(FromGraphml(deep + "</graphml>"), "g.graphml:1", "no <graph>");
  const std::size_t content = kGraphml.find_last_of('>');
  for (std::size_t size = 0; size < content; ++size)
    EXPECT_FALSE(FromGraphml(kGraphml.substr(0, size)).ok()) << size;
}

const Graph kRich = {3,
                     {{0, 2, 0.1}, {1, 2, 1e-300}},
                     {"a \"b\" \\ &amp;", "c, <d>", "\xc3\xbc\xf0\x9f\x99\x82"},
                     {{0, 1}, {0.5, 1e-9}, {1, 1}}};

TEST(Graphml, ReadsBackWhatItWrites) {
  const Graph plain = {4, {{0, 2}, {1, 2}}, {}, {}};
  EXPECT_EQ(FromGraphml(WriteGraphml(plain))->edges, plain.edges);
  const auto back = FromGraphml(WriteGraphml(kRich), Nodes(3));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(back->edges, kRich.edges);
  EXPECT_EQ(back->labels, kRich.labels);
}

constexpr std::string_view kGml = R"(Creator "somebody & others"
# a comment ]
graph [
  directed 0
  comment "a ] in
a text"
  node [ id 7 label "a" graphics [ x 0.5 y -1.5e2 label "no" ] ]
  node [
    id 9
    label "caf&#233; &quot;b&QUOT;"
  ]
  node [ label "c" id 8 ]
  edge [ source 7 target 9 weight 2.5 ]
  edge [ target 8 source 9 ]
]
)";

TEST(Gml, ReadsNodesByLabelAndEdgesById) {
  const auto graph = FromGml(kGml);
  ASSERT_TRUE(graph.ok()) << graph.error().message;
  EXPECT_THAT(graph->edges, ElementsAre(Edge{0, 1, 2.5}, Edge{1, 2, 1}));
  EXPECT_THAT(graph->labels, ElementsAre("a", "caf\xc3\xa9 \"b&QUOT;", "c", "node3"));
}

TEST(Gml, CallsNodesByIdUnlessEachHasALabelOfItsOwn) {
  const std::string edge = "edge [ source 2 target 3 ]]";
  EXPECT_THAT(FromGml("graph [ node [ id 2 ] node [ id 3 label \"x\" ]" + edge)->edges,
              ElementsAre(Edge{1, 2}));
  EXPECT_THAT(FromGml("graph [ node [ id 2 label \"x\" ] node [ id 3 label \"x\" ]" + edge)->edges,
              ElementsAre(Edge{1, 2}));
  EXPECT_THAT(FromGml("graph [ node [ id 2 label \"0\" ] node [ id 3 label \"3\" ]" + edge)->edges,
              ElementsAre(Edge{0, 3}));
}

TEST(Gml, ResolvesCharactersByNameAndNumber) {
  const auto label = [](const std::string& text) {
    return FromGml("graph [ node [ id 0 label \"" + text + "\" ] ]")->labels.at(0);
  };
  EXPECT_EQ(label("&lt;&gt;&amp;&apos;&quot;"), "<>&'\"");
  EXPECT_EQ(label("&#65;&#x20AC;&#128578;"), "A\xe2\x82\xac\xf0\x9f\x99\x82");
  EXPECT_EQ(label("&eacute;&#;&#x;&#12a;&#xd800;&#1114112;& ;&"),
            "&eacute;&#;&#x;&#12a;&#xd800;&#1114112;& ;&");
}

TEST(Gml, TakesADirectedGraphOnlyIfEachArcHasItsReverse) {
  const std::string head = "graph [ directed 1 node [ id 0 ] node [ id 1 ]\n",
                    arc = "edge [ source 0 target 1 ]\n", back = "edge [ source 1 target 0 ]\n";
  EXPECT_THAT(FromGml(head + arc + back + "]")->edges, ElementsAre(Edge{0, 1}));
  ExpectError(FromGml(head + arc + "]"), "g.gml:2", "arc from '0' to '1' has no arc back");
}

TEST(Gml, RefusesWhatIsNoSuchGraphAndNamesTheLine) {
  ExpectError(FromGml(""), "g.gml", "names no node");
  ExpectError(FromGml("graph [ ]"), "g.gml", "names no node");
  ExpectError(FromGml("graph [\nnode [ id 0 ]"), "g.gml:1", "'[' is not closed");
  ExpectError(FromGml("graph [ ]\n]"), "g.gml:2", "closes no list");
  ExpectError(FromGml("graph [ ]\ngraph [ ]"), "g.gml:2", "a second graph");
  ExpectError(FromGml("graph [\nlabel ]"), "g.gml:2", "the key 'label' has no value");
  ExpectError(FromGml("graph [\n3 4 ]"), "g.gml:2", "found '3', expected a key");
  ExpectError(FromGml("graph [\n! ]"), "g.gml:2", "found '! ]'");
  ExpectError(FromGml("graph [\nlabel \"a ]"), "g.gml:2", "quote is not closed");
  ExpectError(FromGml("graph [\nnode [ label \"a\" ] ]"), "g.gml:2", "a node without id");
  ExpectError(FromGml("graph [ node [ id 0 ]\nnode [ id 0 ] ]"), "g.gml:2", "a second node '0'");
  ExpectError(FromGml("graph [ node [ id 0 ]\nedge [ source 0 ] ]"), "g.gml:2",
              "without source and target");
  ExpectError(FromGml("graph [ node [ id 0 ]\nedge [ source 0 target 1 ] ]"), "g.gml:2",
              "'1', which is the id of no node");
  ExpectError(FromGml("graph [ node [ id 0 ]\nedge [ source 0 target 0 weight \"x\" ] ]"),
              "g.gml:2", "the weight 'x'");
  ExpectError(FromGml(std::string_view("graph\n\0", 7)), "g.gml:2", "byte 0x00 at offset 6");
}

TEST(Gml, RefusesDeepNestingAndEveryPrefix) {
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += "a[";
  ExpectError(FromGml(deep), "g.gml:1", "more than 100 deep");
  for (std::size_t size = 0; size < kGml.find_last_of(']'); ++size)
    EXPECT_FALSE(FromGml(kGml.substr(0, size)).ok()) << size;
}

TEST(Gml, ReadsBackWhatItWrites) {
  const Graph plain = {4, {{0, 2}, {1, 2}}, {}, {}};
  EXPECT_EQ(WriteGml({2, {{0, 1, 2}}, {}, {}}),
            "graph [\n  node [ id 0 label \"0\" ]\n  node [ id 1 label \"1\" ]\n"
            "  edge [ source 0 target 1 weight 2.0 ]\n]\n");
  EXPECT_EQ(FromGml(WriteGml(plain))->edges, plain.edges);
  const auto back = FromGml(WriteGml(kRich), Nodes(3));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(back->edges, kRich.edges);
  EXPECT_EQ(back->labels, kRich.labels);
}

TEST(GraphFile, IsReadByItsEnding) {
  for (const auto& [ending, text] : {std::pair("x.graphml", kGraphml), std::pair("x.GML", kGml)}) {
    const std::string path = ::testing::TempDir() + "graph_files_" + ending;
    std::ofstream(path) << text;
    EXPECT_EQ(ReadGraphFile(path, Nodes(4))->edges.size(), 2u) << path;
  }
}

TEST(Dot, QuotesLabelsAndKeepsWeightsAndPlaces) {
  EXPECT_EQ(WriteDot({2, {{0, 1, 0.5}}, {"a", "b \"c\""}, {{0, 1}, {0.5, 0.25}}}),
            "graph delstep {\n  \"a\" [pos=\"0,1\"];\n  \"b \\\"c\\\"\" [pos=\"0.5,0.25\"];\n"
            "  \"a\" -- \"b \\\"c\\\"\" [weight=0.5];\n}\n");
}

TEST(GraphFile, ThatIsMissingOrAFolderIsAnErrorWithItsName) {
  ExpectError(ReadGraphFile("no/such.edges", Nodes(4)), "", "'no/such.edges'");
  const std::string folder = ::testing::TempDir();
  ExpectError(ReadGraphFile(folder, Nodes(4)), "", folder);
  ExpectError(ReadGraphFile(folder, Nodes(4)), "", "it is a folder");
}

TEST(GraphFile, NamesItselfAndTheLine) {
  const std::string path = ::testing::TempDir() + "graph_files_test.txt";
  std::ofstream(path) << "0 1\n1 nan inf\n";
  ExpectError(ReadGraphFile(path, Nodes(4)), path + ":2", "'inf' is not a finite number");
  std::filesystem::resize_file(path, 4);
  EXPECT_THAT(ReadGraphFile(path, Nodes(4))->edges, ElementsAre(Edge{0, 1}));
}

}  // namespace
}  // namespace delstep
