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

TEST(Table, CountsRowsThatWereNotMade) {
  Table table = MakeTable();
  table.left_out = 68;
  EXPECT_TRUE(RenderTable(table, 80).ends_with("\n… 68 more\n"));
}

}  // namespace
}  // namespace delstep
