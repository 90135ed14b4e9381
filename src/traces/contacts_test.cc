// Lists of contacts, and the plan that they make.
#include <filesystem>
#include <fstream>

#include "delstep/registry.h"
#include "tests/fakes/own_file.h"
#include "traces/contact_list.h"
#include "traces/traces.h"
#include "traces/traces_test_files.h"

namespace delstep {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Contact Of(std::uint32_t a, std::uint32_t b, double begins, double ends) {
  return {NodeId{a}, NodeId{b}, At(begins), ends < 0 ? SimTime::max() : At(ends)};
}

/// As many nodes as the file has.
NodesOptions AsInFile() {
  NodesOptions nodes;
  nodes.count_given = false;
  return nodes;
}

Graph GraphOf(std::string_view text, NodesOptions nodes = AsInFile()) {
  auto rows = ReadWith([&](TraceSource& source) { return ReadContacts(source, nodes); }, text);
  EXPECT_TRUE(rows) << rows.error().where << " " << rows.error().message;
  auto graph = GraphOfContacts(*std::move(rows), nodes, "list");
  EXPECT_TRUE(graph) << graph.error().message;
  return *std::move(graph);
}

std::vector<Contact> ContactsOf(std::string_view text, NodesOptions nodes = AsInFile()) {
  const Graph graph = GraphOf(text, std::move(nodes));
  return static_cast<const ContactList&>(*graph.contacts).contacts();
}

Error ContactError(std::string_view text) {
  auto rows =
      ReadWith([&](TraceSource& source) { return ReadContacts(source, NodesOptions()); }, text);
  EXPECT_FALSE(rows) << text;
  if (rows) return {};
  EXPECT_EQ(rows.error().code, ErrorCode::kFile);
  return rows.error();
}

TEST(ContactTable, IsInSecondsWithOrWithoutAHeader) {
  const auto expected = ElementsAre(Of(0, 1, 0, 12.5), Of(0, 2, 3, 4));
  EXPECT_THAT(ContactsOf("# a day\nstart,end,a,b\n0,12.5,0,1\n3,4,2,0\n"), expected);
  EXPECT_THAT(ContactsOf("0,12.5,0,1\r\n3,4,2,0\r\n"), expected);
  EXPECT_THAT(ContactsOf("a;b;t_start;t_end\n0;1;0;12.5\n2;0;3;4\n"), expected);
  EXPECT_THAT(ContactsOf("start end a b\n0 12.5 0 1\n3 4 2 0\n"), expected);
  EXPECT_THAT(ContactsOf("start,stop,a,b,rssi\n0,12.5,0,1,-70\n3,4,2,0,-60\n"), expected);
}

TEST(ContactTable, ContactsOfAPairThatOverlapOrTouchAreOne) {
  EXPECT_THAT(ContactsOf("0,10,0,1\n5,20,1,0\n20,30,0,1\n31,32,0,1\n6,7,0,1\n"),
              ElementsAre(Of(0, 1, 0, 30), Of(0, 1, 31, 32)));
}

TEST(ContactTable, PassesOverContactsOfNoTimeAndWithItself) {
  const Graph graph = GraphOf("0,10,0,1\n4,4,0,2\n1,2,1,1\n");
  EXPECT_EQ(graph.nodes, 3u);
  EXPECT_THAT(graph.notes,
              ElementsAre("list: passed over 1 contact that lasts for no time, the first in line 2",
                          "list: passed over 1 contact of an id with itself, the first in line 3"));
}

TEST(ContactTable, SaysWhatIsWrongAndWhere) {
  const Error end = ContactError("0,10,0,1\n9,3,0,1\n");
  EXPECT_EQ(end.where, "trace:2");
  EXPECT_THAT(end.message, HasSubstr("ends at '3', before it begins at '9'"));
  EXPECT_EQ(ContactError("start,end,a,b\n0,x,0,1\n").where, "trace:2");
  EXPECT_EQ(ContactError("start,end,a,b\n-1,3,0,1\n").where, "trace:2");
  EXPECT_EQ(ContactError("start;end;a;b\n0;12,5;0;1\n").hint, "write a decimal point: 12.5");
  EXPECT_EQ(ContactError("start,end,a,b\n0,1,0\n").where, "trace:2");
  EXPECT_THAT(ContactError("start,end,a,b\n").message, HasSubstr("no contact"));
  EXPECT_THAT(ContactError("start,end,x,y\n1,2,3,4\n").message, HasSubstr("no header"));
  EXPECT_THAT(ContactError("x,y,begin,finish\n1,2,3,4\n").message, HasSubstr("no header"));
  EXPECT_THAT(ContactError("0 1\n").hint, HasSubstr("start,end,a,b"));
  // A start and an end, or a weight and a time? Only commas tell.
  for (const char* line : {"1 2 3 4\n", "1\t2\t3\t4\n"})
    EXPECT_THAT(ContactError(line).message, HasSubstr("which have three or five fields"));
  EXPECT_EQ(ContactError("\n# x\n").where, "trace");
}

TEST(OneConnections, UpAndDownAreIdempotentAndIdsAreTheDigits) {
  const Graph graph = GraphOf(
      "# from The ONE\n12.0 CONN 0 7 up\n12.5 CONN p3 p7 up wifi\n13 conn 7 0 UP\n"
      "20 C M1 p3 p7 100\n31.4 CONN 0 7 down\n32 CONN 0 7 down\n33 CONN 0 3 DOWN\n");
  EXPECT_EQ(graph.nodes, 3u);  // 0, 3, 7
  EXPECT_THAT(static_cast<const ContactList&>(*graph.contacts).contacts(),
              ElementsAre(Of(0, 2, 12, 31.4), Of(1, 2, 12.5, -1)));
  EXPECT_THAT(graph.notes, Contains(HasSubstr("1 event of a message, the first in line 5")));
  EXPECT_THAT(graph.notes, Contains(HasSubstr("1 contact never ends")));
  EXPECT_EQ(graph.contacts->rests_from(), At(31.4));
}

TEST(OneConnections, ANameOfANodeIsThatNode) {
  NodesOptions nodes;
  nodes.count = 3;
  nodes.names = {"a1", "p0"};
  EXPECT_THAT(ContactsOf("1 CONN p0 0 up\n2 CONN p0 0 down\n", nodes), ElementsAre(Of(0, 1, 1, 2)));
}

TEST(OneConnections, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(ContactError("1 CONN 0 1 up\n2 CONN 0 1\n").where, "trace:2");
  EXPECT_EQ(ContactError("1 CONN 0 1 up\n2 CONN 0 1 sideways\n").where, "trace:2");
  EXPECT_THAT(ContactError("2 CONN 0 1 up\n1 CONN 0 1 down\n").message, HasSubstr("falls"));
  EXPECT_EQ(ContactError("1 CONN 0 1 up\nx CONN 0 1 down\n").where, "trace:2");
}

TEST(SocioPatterns, RowsAreTheEndsOfIntervalsAndMerge) {
  // t = 20 is [0, 20); 20 and 40 are one contact, 80 is another.
  const auto expected = ElementsAre(Of(0, 1, 0, 40), Of(0, 1, 60, 80), Of(1, 2, 20, 40));
  EXPECT_THAT(ContactsOf("20\t5\t11\n40\t11\t5\n40\t11\t90\n80\t5\t11\n"), expected);
  // Unix times, classes, CRLF, and a header: the same, as the first interval begins at 0.
  EXPECT_THAT(ContactsOf("Time\ti\tj\tCi\tCj\r\n1353303380 5 11 MED ADM\r\n"
                         "1353303400 5 11 MED ADM\r\n1353303400 11 90 ADM PAT\r\n"
                         "1353303440 5 11 MED ADM\r\n"),
              expected);
}

// `source,target,timestamp` was passed over unread, and the first id taken for the time.
TEST(SocioPatterns, AHeaderSaysWhichColumnIsWhich) {
  // The second row of the pair is 20 s after the first one: together they are [0, 40).
  const auto expected = ElementsAre(Of(0, 1, 0, 40));
  for (const char* text :
       {"t i j\n20 5 11\n40 5 11\n", "i,j,t\n5,11,20\n5,11,40\n",
        "source,target,timestamp\n5,11,20\n5,11,40\n", "From;To;Time\n5;11;20\n5;11;40\n",
        "a b t class_a class_b\n5 11 20 X Y\n5 11 40 X Y\n", "u\tv\tts\n5\t11\t20\n5\t11\t40\n",
        "timestamp,user_a,user_b,gender\n20,5,11,\n40,5,11,\n",
        "\"\",\"t\",\"i\",\"j\"\n\"1\",20,5,11\n\"2\",40,5,11\n"})
    EXPECT_THAT(ContactsOf(text), expected) << text;
}

TEST(SocioPatterns, RefusesAHeaderThatDoesNotSayIt) {
  const Error names = ContactError("user,peer,when\n1,2,20\n");
  EXPECT_EQ(names.where, "trace:1");
  EXPECT_THAT(names.message, HasSubstr("'user,peer,when' is no header of a list of contacts: no "
                                       "column is called as the time"));
  EXPECT_THAT(names.hint, HasSubstr("t,i,j"));
  EXPECT_THAT(ContactError("t,x,y\n20,1,2\n").message, HasSubstr("one of the two ids"));
  // R writes names of rows below a header that has none for them.
  const Error longer = ContactError("t i j\n1 20 5 11\n");
  EXPECT_EQ(longer.where, "trace:2");
  EXPECT_THAT(longer.message, HasSubstr("4 cells, expected the 3 of the header"));
}

TEST(SocioPatterns, RefusesRowsWithoutAHeaderThatMayHaveAnotherOrder) {
  const Error last = ContactError("7 2 1082040961\n3 4 1082155839\n5 2 1082155839\n");
  EXPECT_EQ(last.where, "trace");
  EXPECT_THAT(last.hint, HasSubstr("i j t"));
  // Nor is the end of a contact a node.
  EXPECT_THAT(ContactError("0,12,1,2,-70\n5,9,2,3,-60\n").hint, HasSubstr("start,end,a,b"));
  EXPECT_THAT(ContactsOf("20,5,11,0,1A\n"), ElementsAre(Of(0, 1, 0, 20)));
  // In order of time, or with ids that do not rise, it is what it says.
  EXPECT_THAT(ContactsOf("20 1 5\n20 2 6\n"), ElementsAre(Of(0, 2, 0, 20), Of(1, 3, 0, 20)));
  EXPECT_THAT(ContactsOf("40 1 5\n20 1 5\n"), ElementsAre(Of(0, 1, 0, 40)));
}

TEST(SocioPatterns, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(ContactError("20 1 2\n40 1\n").where, "trace:2");
  EXPECT_EQ(ContactError("20 1 2\nx 1 2\n").where, "trace:2");
  EXPECT_THAT(ContactError("t i j\n").message, HasSubstr("no contact"));
}

TEST(ContactList, EndsComeBeforeBeginningsOfTheSameMoment) {
  const ContactList list({Of(0, 1, 0, 10), Of(2, 1, 10, 20), Of(0, 3, 10, 20), Of(2, 3, 5, 10)});
  EXPECT_THAT(list.Changes(4, SimTime{}, At(10)),
              ElementsAre(ContactChange{At(5), NodeId{2}, NodeId{3}, true},
                          ContactChange{At(10), NodeId{0}, NodeId{1}, false},
                          ContactChange{At(10), NodeId{2}, NodeId{3}, false},
                          ContactChange{At(10), NodeId{0}, NodeId{3}, true},
                          ContactChange{At(10), NodeId{1}, NodeId{2}, true}));
  EXPECT_THAT(list.At(4, At(10)),
              ElementsAre(std::pair(NodeId{0}, NodeId{3}), std::pair(NodeId{1}, NodeId{2})));
  EXPECT_THAT(list.At(4, At(10) - Duration(1)),
              ElementsAre(std::pair(NodeId{0}, NodeId{1}), std::pair(NodeId{2}, NodeId{3})));
  EXPECT_THAT(list.At(3, At(12)), ElementsAre(std::pair(NodeId{1}, NodeId{2}))) << "3 nodes only";
  EXPECT_THAT(list.At(4, At(20)), IsEmpty());
  EXPECT_EQ(list.rests_from(), At(20));
}

TEST(ContactList, TheSameChangesComeInWhateverWindows) {
  std::vector<Contact> contacts;
  for (std::uint32_t i = 0; i < 200; ++i)
    contacts.push_back(Of(i % 7, 7 + i % 5, i * 3 % 101, i * 3 % 101 + 1 + i % 4));
  const ContactList list(contacts);
  const auto whole = list.Changes(12, SimTime{}, At(200));
  std::vector<ContactChange> parts;
  for (int second = 0; second < 200; second += 4)
    for (const ContactChange& change : list.Changes(12, At(second), At(second + 4)))
      parts.push_back(change);
  EXPECT_EQ(parts, whole);
  // Who follows the changes from the start has those in contact at each moment.
  std::set<ContactPlan::Pair> now;
  for (const auto& pair : list.At(12, SimTime{})) now.insert(pair);
  for (const ContactChange& change : whole) {
    const bool changed = change.begins ? now.emplace(change.a, change.b).second
                                       : now.erase({change.a, change.b}) == 1;
    EXPECT_TRUE(changed) << "changes of a pair alternate";
  }
  EXPECT_TRUE(now.empty());
}

TEST(Contacts, ATopologyOfAFileHasTheEdgesOfTheStart) {
  const std::string path = OwnFile("contacts.csv");
  std::ofstream(path) << "start,end,a,b\n0,5,0,2\n1,5,0,1\n";
  Registry registry;
  AddTraces(registry);
  Scenario scenario;
  scenario.nodes.count = 4;
  scenario.topology.name = "contacts";
  scenario.topology.file = path;
  const auto nowhere = MobilityOf("0 0 0\n", "bonnmotion");
  const MakeTopology& make = **registry.topologies.Find("contacts");
  const auto graph = make(scenario, *nowhere);
  ASSERT_TRUE(graph) << graph.error().message;
  EXPECT_EQ(graph->nodes, 4u);
  EXPECT_THAT(graph->edges, ElementsAre(Graph::Edge{0, 2}));
  EXPECT_THAT(graph->notes, ElementsAre(HasSubstr("1 of 4 nodes is in contact with nobody")));
  scenario.nodes.count = 2;
  EXPECT_EQ(make(scenario, *nowhere).error().code, ErrorCode::kFile);
  scenario.nodes.count_given = false;
  EXPECT_EQ(make(scenario, *nowhere)->nodes, 3u);
  scenario.topology.file = "";
  EXPECT_EQ(make(scenario, *nowhere).error().code, ErrorCode::kUsage);
  scenario.topology.file = path + "x";
  EXPECT_EQ(make(scenario, *nowhere).error().code, ErrorCode::kFile);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace delstep
