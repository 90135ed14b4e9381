#include "base/cells.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace delstep {
namespace {

using testing::ElementsAre;

TEST(Cells, FieldsStandBetweenWhateverSeparatesThem) {
  EXPECT_THAT(*FieldsOfLine(" a,\tb;; c |\"d, \"\"e\"\"\""),
              ElementsAre("a", "b", "c", "d, \"e\""));
  EXPECT_FALSE(FieldsOfLine("a \"b"));
}

TEST(Cells, CellsStandBetweenOneSeparatorAndMayBeEmpty) {
  EXPECT_THAT(*CellsOfLine("a, ,\"b, c\" ,", ','), ElementsAre("a", "", "b, c", ""));
  EXPECT_THAT(*CellsOfLine("a \t b", ' '), ElementsAre("a", "b")) << "none is empty between blanks";
  EXPECT_FALSE(CellsOfLine("\"a,b", ','));
}

TEST(Cells, TheSeparatorIsTheFirstOfCommaSemicolonTabAndBar) {
  EXPECT_EQ(SeparatorOf("a;b, c|d"), ',');
  EXPECT_EQ(SeparatorOf("a b\tc|d"), '\t');
  EXPECT_EQ(SeparatorOf("a b"), ' ');
}

TEST(Cells, ADecimalCommaIsNamed) {
  EXPECT_EQ(PointHint(" -0,5 "), "write a decimal point: -0.5");
  for (const char* text : {"", ",", "0.5", "1,234,567", "1.234,5", "a,b"})
    EXPECT_EQ(PointHint(text), "") << text;
}

}  // namespace
}  // namespace delstep
