#include "console/terminal/terminal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string_view>

namespace delstep {
namespace {

TEST(Completion, OfOneCandidateEndsWithABlank) {
  EXPECT_EQ(ApplyCompletion("tr", {0, {"train"}}).insert, "ain ");
  EXPECT_EQ(ApplyCompletion("train ", {6, {"all"}}).insert, "all ");
}

TEST(Completion, OfAFolderInvitesToGoOn) {
  EXPECT_EQ(ApplyCompletion("load sc", {5, {"scripts/"}}).insert, "ripts/");
}

TEST(Completion, OfSeveralCandidatesAddsWhatTheyShareAndElseListsThem) {
  const TabResult more = ApplyCompletion("train 1", {6, {"10.0.0.1", "10.0.0.2"}});
  EXPECT_EQ(more.insert, "0.0.0.");
  EXPECT_TRUE(more.list.empty());
  const TabResult list = ApplyCompletion("train 10.0.0.", {6, {"10.0.0.1", "10.0.0.2"}});
  EXPECT_EQ(list.insert, "");
  EXPECT_EQ(list.list.size(), 2u);
}

TEST(Completion, NeverCutsACharacterInTwo) {
  // The two letters begin with the same byte.
  EXPECT_EQ(ApplyCompletion("t", {0, {"t\xc3\xa4", "t\xc3\xb6"}}).insert, "");
  // Emoji of four bytes that differ in the last one, and after a whole one that they share.
  EXPECT_EQ(ApplyCompletion("t", {0, {"t\U0001F600", "t\U0001F601"}}).insert, "");
  EXPECT_EQ(ApplyCompletion("t", {0, {"t\u00E4\u4E2D", "t\u00E4\u4E2E"}}).insert, "\u00E4");
}

TEST(Completion, OfANameWithBlanksIsPutInQuotes) {
  const TabResult fresh = ApplyCompletion("load Auf", {5, {"Aufgabe 1.del"}});
  EXPECT_EQ(fresh.erase, 3u);
  EXPECT_EQ(fresh.insert, "\"Aufgabe 1.del\" ");
  const TabResult begun = ApplyCompletion("load \"Aufgabe ", {5, {"Aufgabe 1.del"}});
  EXPECT_EQ(begun.erase, 0u);
  EXPECT_EQ(begun.insert, "1.del\" ");
  // Of several, as far as they go together; of a folder the quote stays open.
  EXPECT_EQ(ApplyCompletion("load A", {5, {"A 1.del", "A 2.del"}}).insert, "\"A ");
  EXPECT_EQ(ApplyCompletion("load A", {5, {"A b/"}}).insert, "\"A b/");
  EXPECT_EQ(ApplyCompletion("load A", {5, {"A1.del", "A2 x.del"}}).list.size(), 2u);
}

TEST(Completion, OfNothingDoesNothing) {
  EXPECT_EQ(ApplyCompletion("xyz", {0, {}}).insert, "");
  EXPECT_EQ(ApplyCompletion("xyz", {0, {"abc"}}).insert, "");
}

class LineReaderTest : public testing::Test {
 protected:
  LineReaderTest() {
    EXPECT_EQ(pipe(input_), 0);
    EXPECT_EQ(pipe(wake_), 0);
  }
  ~LineReaderTest() override {
    for (const int descriptor : {input_[0], wake_[0], wake_[1]}) close(descriptor);
    if (input_[1] >= 0) close(input_[1]);
  }
  void Write(std::string_view text) {
    ASSERT_EQ(write(input_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void End() { close(std::exchange(input_[1], -1)); }

  int input_[2], wake_[2];
};

TEST_F(LineReaderTest, GivesLinesAndALastOneWithoutItsEnd) {
  LineReader reader(input_[0], wake_[0]);
  Write("one\n\ntwo\nthree");
  End();
  for (const char* line : {"one", "", "two", "three"}) {
    const Input input = reader.Read();
    EXPECT_EQ(input.kind, Input::Kind::kLine);
    EXPECT_EQ(input.line, line);
  }
  EXPECT_EQ(reader.Read().kind, Input::Kind::kEnd);
}

TEST_F(LineReaderTest, KeepsAHalfReadLineWhenWoken) {
  LineReader reader(input_[0], wake_[0]);
  ASSERT_EQ(write(wake_[1], "", 1), 1);
  Write("ha");
  EXPECT_EQ(reader.Read().kind, Input::Kind::kWoken);
  char byte;
  ASSERT_EQ(read(wake_[0], &byte, 1), 1);
  Write("lf\n");
  EXPECT_EQ(reader.Read().line, "half");
}

}  // namespace
}  // namespace delstep
