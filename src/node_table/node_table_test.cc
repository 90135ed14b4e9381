#include "node_table/node_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr NodeColumn kColumns[] = {{.name = "ms", .most = 100},
                                   {.name = "up", .most = 1e6, .required = false},
                                   {.name = "down", .most = 1e6, .required = false}};

NodesOptions Four() {
  return {.count = 4,
          .addresses = {*ParseAddress("10.0.0.2"), *ParseAddress("192.168.1.1")},
          .names = {"anna", "ben"}};
}
Result<NodeTable> Parse(std::string_view text) {
  return ParseNodeTable(text, "t.csv", kColumns, Four());
}
std::vector<std::size_t> NodesOf(const NodeTable& table) {
  std::vector<std::size_t> nodes;
  for (const NodeTable::Row& row : table.rows) nodes.push_back(Index(row.node));
  return nodes;
}
void ExpectError(std::string_view text, std::string_view where, std::string_view message) {
  const auto table = Parse(text);
  ASSERT_FALSE(table) << text;
  EXPECT_EQ(table.error().code, ErrorCode::kFile);
  EXPECT_EQ(table.error().where, where) << text;
  EXPECT_THAT(table.error().message, HasSubstr(message)) << text;
}

TEST(NodeTable, FindsNodesByGivenAndDefaultAddressAndByName) {
  // 10.0.0.2 was given to node 0, so the default ones are 10.0.0.1 and 10.0.0.3.
  const auto table = Parse("10.0.0.3,1\nanna,2\n192.168.1.1,3\n10.0.0.1,4\n");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_THAT(NodesOf(*table), ElementsAre(3, 0, 1, 2));
  EXPECT_EQ(table->missing, 0u);
  EXPECT_TRUE(table->notes.empty());
}

TEST(NodeTable, IdsOfTheFilesOwnStandForNodesInAscendingOrder) {
  const auto numbers = Parse("900,1\n\n# comment\n30,2\n30,3");
  ASSERT_TRUE(numbers);
  EXPECT_THAT(NodesOf(*numbers), ElementsAre(1, 0, 0)) << "30 is before 900, as numbers are";
  EXPECT_EQ(numbers->missing, 2u);
  EXPECT_THAT(numbers->notes,
              ElementsAre("t.csv: its nodes are taken in ascending order: '30' is 10.0.0.2, '900' "
                          "is 192.168.1.1"));
  EXPECT_THAT(NodesOf(*Parse("n900,1\nn30,2")), ElementsAre(1, 0)) << "n3 is before n9";
}

TEST(NodeTable, AHeaderMayPutColumnsInAnyOrderAndLeaveSomeOut) {
  const auto table = Parse("\"down\" , node,ms\r\n,anna,2\r\n5,\"ben\", 3\r\n");
  ASSERT_TRUE(table) << table.error().message;
  ASSERT_EQ(table->rows.size(), 2u);
  EXPECT_EQ(table->rows[0].values[0], 2);
  EXPECT_TRUE(std::isnan(table->rows[0].values[2])) << "empty";
  EXPECT_EQ(table->rows[1].values[2], 5);
  EXPECT_TRUE(std::isnan(table->rows[1].values[1])) << "left out";
  EXPECT_EQ(table->rows[1].line, 3u);
}

// A header in capitals was read as a record, one between semicolons as a single field.
TEST(NodeTable, AHeaderIsKnownHoweverProgramsWriteIt) {
  for (const char* text : {"Node,MS\nanna,2\n", "node;ms\nanna;2\n", "node\tms\nanna\t2\n",
                           "\"NODE\",\" ms \"\nanna,2\n",
                           // R's and pandas' number of the row is a column without a name.
                           "\"\",\"node\",\"ms\"\n\"1\",\"anna\",2\n", "node ms\nanna 2\n"}) {
    const auto table = Parse(text);
    ASSERT_TRUE(table) << text << table.error().message;
    ASSERT_EQ(table->rows.size(), 1u) << text;
    EXPECT_THAT(NodesOf(*table), ElementsAre(0)) << text;
    EXPECT_EQ(table->rows[0].values[0], 2) << text;
  }
  const auto quoted = Parse("node,ms\n\"10.0.0.2\", \"2\"\n");
  ASSERT_TRUE(quoted) << quoted.error().message;
  EXPECT_THAT(NodesOf(*quoted), ElementsAre(0));
}

TEST(NodeTable, ANodeMayBeCalledAsAColumnIs) {
  NodesOptions nodes = Four();
  nodes.names = {"up"};
  const auto table = ParseNodeTable("up,2\n", "t.csv", kColumns, nodes);
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_THAT(NodesOf(*table), ElementsAre(0));
}

TEST(NodeTable, SaysWhatAHeaderShouldBe) {
  ExpectError("name,ms\nanna,1", "t.csv:1", "there is no column 'name'");
  ExpectError("ms,up\n1,2", "t.csv:1", "the column node is missing");
  const auto hint_of = [](std::string_view text) { return Parse(text).error().hint; };
  EXPECT_THAT(hint_of("peer,speed\nanna,1"), HasSubstr("call its columns node,ms,up,down"));
  EXPECT_EQ(hint_of("node;ms\nanna;0,5\n"), "write a decimal point: 0.5");
  EXPECT_THAT(hint_of("node,ms\n1,anna,2\n"), HasSubstr("row.names=FALSE"));
}

// The first node got what was meant for a group.
TEST(NodeTable, RefusesWhatMeansManyNodes) {
  ExpectError("node,ms\n@west,4", "t.csv:2", "'@west' is a group and no node");
  ExpectError("all,4", "t.csv:1", "'all' means every node");
  ExpectError("10.0.0.[1-3],4", "t.csv:1", "is a range and no node");
}

TEST(NodeTable, WithoutHeaderOptionalColumnsMayBeLeftOutAtTheEnd) {
  const auto table = Parse("anna,1\nben,2,3,4\n");
  ASSERT_TRUE(table);
  EXPECT_TRUE(std::isnan(table->rows[0].values[1]));
  EXPECT_THAT(table->rows[1].values, ElementsAre(2, 3, 4));
}

TEST(NodeTable, ErrorsNameTheLineAndTheValue) {
  ExpectError("anna,1\nbob,2", "t.csv:2", "no node is called 'bob'");
  ExpectError("10.0.0.9,2", "t.csv:1", "no node is called '10.0.0.9'");
  ExpectError("1,1\n2,1\n3,1\n4,1\n5,1", "t.csv", "the file has 5 nodes, but nodes.count = 4");
  ExpectError("anna,x", "t.csv:1", "'x' is no value of ms");
  ExpectError("anna,-1", "t.csv:1", "'-1' is no value of ms");
  ExpectError("anna,100.1", "t.csv:1", "'100.1' is no value of ms");
  ExpectError("anna,", "t.csv:1", "'' is no value of ms");
  ExpectError("anna", "t.csv:1", "a line with 1 field");
  ExpectError("anna,1,2,3,4", "t.csv:1", "a line with 5 fields");
  ExpectError("node,ms\nanna,1,2", "t.csv:2", "a line with 3 fields");
  ExpectError(",1", "t.csv:1", "the node is missing");
  std::string long_name(256, 'a');
  ExpectError(long_name.append(",1"), "t.csv:1", "too long");
  ExpectError("node,up\nanna,1", "t.csv:1", "the column ms is missing");
  ExpectError("node,ms,speed", "t.csv:1", "there is no column 'speed'");
  ExpectError("node,ms,ms", "t.csv:1", "the column ms comes twice");
  ExpectError("", "t.csv", "no line with a node");
  ExpectError("node,ms\n", "t.csv", "no line with a node");
}

TEST(NodeTable, MessagesAreCleanAndShort) {
  const auto table = Parse("anna,\x1b[31m\xff" + std::string(1000, 'x'));
  ASSERT_FALSE(table);
  EXPECT_THAT(table.error().message, HasSubstr("'?[31m?xxx"));
  EXPECT_LT(table.error().message.size(), 100u);
}

}  // namespace
}  // namespace delstep
