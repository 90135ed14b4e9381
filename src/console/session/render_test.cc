#include "console/session/render.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "base/utf8.h"

namespace delstep {
namespace {

Table MakeTable() {
  const std::string address = "10.123.123.123", note = "a note of some length";
  return {.key = "nodes",
          .columns = {{"node", "node"}, {"note", "note"}, {"count", "count"}, {"extra", "extra"}},
          .rows = {{address, note, std::uint64_t{7}, std::uint64_t{123456}}}};
}

TEST(Table, IsShownWholeWhereThereIsRoom) {
  EXPECT_EQ(RenderTable(MakeTable(), 80),
            "node            note                   count   extra\n"
            "10.123.123.123  a note of some length      7  123456\n");
}

TEST(Table, CutsWordsButNeverTheFirstColumn) {
  EXPECT_EQ(RenderTable(MakeTable(), 45),
            "node            note            count   extra\n"
            "10.123.123.123  a note of som…      7  123456\n");
}

TEST(Table, LeavesOutTheLastColumnsWhereCuttingIsNotEnoughAndNamesThem) {
  EXPECT_EQ(RenderTable(MakeTable(), 30),
            "node            note\n"
            "10.123.123.123  a note of s…\n"
            "… columns count, extra: no room\n");
  EXPECT_EQ(RenderTable(MakeTable(), 10),
            "node\n"
            "10.123.123.123\n"
            "… columns note, count, extra: no room\n");
}

TEST(Table, LeavesOutMinorColumnsFirst) {
  Table table = MakeTable();
  table.columns[2].minor = true;
  EXPECT_EQ(RenderTable(table, 36),
            "node            note           extra\n"
            "10.123.123.123  a note of s…  123456\n"
            "… column count: no room\n");
}

TEST(Table, ShowsAListWholeWhereItFits) {
  const std::vector<std::string> four = {"bob", "cleo", "dan", "eve"};
  const Table table{.key = "nodes",
                    .columns = {{"node", "node"}, {"peers", "peers"}},
                    .rows = {{std::string("ann"), four}}};
  EXPECT_EQ(RenderTable(table, 25), "node  peers\nann   bob, cleo, dan, eve\n");
  EXPECT_EQ(RenderTable(table, 24), "node  peers\nann   bob, cleo … 2 more\n");
}

TEST(Table, IsWholeWhereThereIsNoTerminal) {
  Table table = MakeTable();
  table.rows.resize(60, table.rows[0]);
  table.rows[7][1] = std::vector<std::string>(50, "east");
  EXPECT_TRUE(RenderTable(table, 80).ends_with("\n… 20 more\n"));
  const std::string whole = RenderTable(table, kWhole);
  EXPECT_EQ(Split(whole, '\n').size(), 62u);  // a header, 60 rows, and nothing after the last "\n"
  EXPECT_EQ(whole.find("more"), std::string::npos);
  EXPECT_EQ(whole.find("…"), std::string::npos);
}

TEST(Table, ShowsAnOptionalColumnOnlyWhereSomethingIsInIt) {
  Table table{.key = "nodes",
              .columns = {{"node", "node"},
                          {.key = "name", .title = "name", .optional = true},
                          {.key = "waiting", .title = "waiting", .optional = true},
                          {"inbox", "inbox"}},
              .rows = {{"10.0.0.1", "", std::uint64_t{0}, std::uint64_t{0}},
                       {"10.0.0.2", "", std::uint64_t{0}, std::uint64_t{3}}}};
  EXPECT_EQ(RenderTable(table, 80), "node      inbox\n10.0.0.1      0\n10.0.0.2      3\n");
  table.rows[1][2] = std::uint64_t{1};
  EXPECT_TRUE(RenderTable(table, 80).starts_with("node      waiting  inbox\n"));
}

TEST(Table, CallsNodesByTheirNames) {
  const NodeLabel ann{.address = "10.0.0.1", .name = "ann"},
      other{.address = "10.0.0.2", .name = ""};
  const Table table{.key = "nodes",
                    .columns = {{"node", "node"}, {"neighbours", "neighbours"}},
                    .rows = {{ann, std::vector<NodeLabel>{other, ann}}}};
  EXPECT_EQ(RenderTable(table, 80), "node  neighbours\nann   10.0.0.2, ann\n");
}

TEST(Reply, ShowsTablesOnlyInFullDetail) {
  const Reply reply{.text = {"trained 1 node"}, .tables = {MakeTable()}};
  EXPECT_EQ(RenderReply(reply, 80, Detail::kNothing), "");
  EXPECT_EQ(RenderReply(reply, 80, Detail::kLines), "trained 1 node\n");
  EXPECT_EQ(RenderReply(reply, 80, Detail::kAll),
            "trained 1 node\n" + RenderTable(MakeTable(), 80));
}

TEST(Reply, BreaksLongLinesAtATerminalOnly) {
  const Reply reply{.text = {"skipped, being down: ann, ben, carla"}};
  EXPECT_EQ(RenderReply(reply, 24, Detail::kLines), "skipped, being down:\n  ann, ben, carla\n");
  EXPECT_EQ(RenderReply(reply, kWhole, Detail::kLines), "skipped, being down: ann, ben, carla\n");
}

TEST(Table, CountsRowsThatWereNotMade) {
  Table table = MakeTable();
  table.left_out = 68;
  EXPECT_TRUE(RenderTable(table, 80).ends_with("\n… 68 more\n"));
}

}  // namespace
}  // namespace delstep
