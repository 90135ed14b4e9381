#include "console/language/input_lines.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

/// "." for each line after which more must come, "!" for each that completes the text.
std::string Play(std::initializer_list<std::string_view> lines) {
  InputLines input;
  std::string marks;
  for (const std::string_view line : lines) {
    const bool complete = input.Add(line);
    marks += complete ? '!' : '.';
    if (complete) input.Take();
  }
  return marks;
}

TEST(InputLines, ALineIsCompleteByItself) { EXPECT_EQ(Play({"train", "", "}", "a } b"}), "!!!!"); }

TEST(InputLines, ABlockIsCompleteWhenTheLastBraceIsClosed) {
  EXPECT_EQ(Play({"repeat 2 {", "a # }", "repeat 2 { b}", "b{c", "} }", "a"}), "....!!");
  EXPECT_EQ(Play({"repeat 2 {", "} repeat 2 {", "}", "a"}), "..!!");
  EXPECT_EQ(Play({"repeat 2 { repeat 2 {", "x}y", "}; repeat 2 {", "}", "a"}), "...!!");
  EXPECT_EQ(Play({"repeat 2 {", "x{}y{}", "}"}), "..!");
}

TEST(InputLines, AQuoteMayHoldLinesAndBraces) {
  EXPECT_EQ(Play({"load \"a", "}", "b\"", "a"}), "..!!");
  EXPECT_EQ(Play({"repeat 2 {", "load \"}\"", "load \"", "}", "\" }", "a"}), "....!!");
  EXPECT_EQ(Play({"repeat 2 {", "load \"", "\"", "}", "a"}), "...!!");
}

TEST(InputLines, ARepeatWaitsForItsBlockOrForSomethingElse) {
  EXPECT_EQ(Play({"repeat 2", "", "# c", "{", "a", "}", "a"}), ".....!!");
  EXPECT_EQ(Play({"repeat 2", "a", "a"}), ".!!");
}

TEST(InputLines, CountsLinesOverTheWholeInput) {
  InputLines input;
  EXPECT_TRUE(input.Add("a"));
  EXPECT_EQ(input.Take(), "a\n");
  EXPECT_FALSE(input.Add("repeat 2 {"));
  EXPECT_TRUE(input.Add("}"));
  EXPECT_EQ(input.first_line(), 2u);
  EXPECT_EQ(input.Take(), "repeat 2 {\n}\n");
  EXPECT_TRUE(input.empty());
}

// An error in a plain line among requests named the line that it would have had without them.
TEST(InputLines, NumbersMayBeGivenWhereOthersTookSomeLines) {
  InputLines input;
  EXPECT_FALSE(input.Add("repeat 2 {", 4));
  EXPECT_TRUE(input.Add("}"));
  EXPECT_EQ(input.first_line(), 4u);
  input.Take();
  EXPECT_TRUE(input.Add("a"));
  EXPECT_EQ(input.first_line(), 6u) << "those without a number follow the last one";
}

}  // namespace
}  // namespace delstep
