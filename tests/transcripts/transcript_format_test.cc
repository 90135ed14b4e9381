// The format of the transcripts itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/transcripts/transcript.h"

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

TEST(TranscriptFormat, ReadsAndWritesTheSameText) {
  const std::string text =
      "# What it is.\n% key=1 json\n\n> cycle\n# a reason\ncycle 1\n>\n> a\n\\# output\n\nx\n";
  const Transcript transcript = ParseTranscript(text);
  EXPECT_THAT(transcript.head, ElementsAre("# What it is.", "% key=1 json", ""));
  ASSERT_EQ(transcript.turns.size(), 3u);
  EXPECT_EQ(transcript.turns[0].line, 4u);
  EXPECT_EQ(transcript.turns[0].typed, "cycle");
  EXPECT_THAT(transcript.turns[0].after, ElementsAre("# a reason", "cycle 1"));
  EXPECT_THAT(transcript.turns[2].after, ElementsAre("\\# output", "", "x"));
  EXPECT_EQ(ToText(transcript), text);
}

TEST(TranscriptFormat, CommentsAreNoOutput) {
  const Lines after = {"# one", "a", "# two", "b", "# three"};
  EXPECT_THAT(Compare(after, {"a", "b"}).difference, IsEmpty());
  EXPECT_EQ(Compare(after, {"a", "b"}).updated, after);
}

TEST(TranscriptFormat, OutputThatLooksLikeAMarkIsEscaped) {
  for (const std::string mark : {"#", ">", "~", "%", "\\"}) {
    const Comparison comparison = Compare({}, {mark + " x"});
    EXPECT_THAT(comparison.updated, ElementsAre("\\" + mark + " x"));
    EXPECT_THAT(Compare(comparison.updated, {mark + " x"}).difference, IsEmpty());
    EXPECT_FALSE(Compare({mark + " x"}, {mark + " x"}).difference.empty()) << mark;
  }
}

TEST(TranscriptFormat, APatternMatchesAWholeLine) {
  EXPECT_THAT(Compare({"~took [0-9]+ ms"}, {"took 12 ms"}).difference, IsEmpty());
  EXPECT_FALSE(Compare({"~took [0-9]+ ms"}, {"took 12 ms!"}).difference.empty());
  EXPECT_FALSE(Compare({"~took [0-9]+ ms"}, {"it took 12 ms"}).difference.empty());
  EXPECT_FALSE(Compare({"~.*"}, {}).difference.empty()) << "one line, not any number";
}

TEST(TranscriptFormat, AnUpdateKeepsCommentsAndPatternsWhereTheyWere) {
  const Lines after = {"head", "# why 2", "old 2", "~rest .*", "# end"};
  const Comparison comparison = Compare(after, {"head", "new 3", "more", "rest 17"});
  EXPECT_THAT(comparison.updated,
              ElementsAre("head", "# why 2", "new 3", "more", "~rest .*", "# end"));
  EXPECT_THAT(comparison.difference,
              ElementsAre("  head", "- old 2", "+ new 3", "+ more", "  ~rest .*"));
}

TEST(TranscriptFormat, AnUpdateKeepsACommentAboveItsCommand) {
  EXPECT_THAT(Compare({"old", "# of the next"}, {"new", "more"}).updated,
              ElementsAre("new", "more", "# of the next"));
  EXPECT_THAT(Compare({"# of the next"}, {"new"}).updated, ElementsAre("new", "# of the next"));
}

TEST(TranscriptFormat, AnExcerptShowsTheFirstDifferenceAndLittleElse) {
  Lines after, came;
  for (int i = 0; i < 40; ++i) after.push_back("line " + std::to_string(i));
  came = after;
  came[20] = "another";
  came[30] = "yet another";
  EXPECT_EQ(
      Excerpt(Compare(after, came).difference, 2),
      "    ...\n    line 18\n    line 19\n  - line 20\n  + another\n    line 21\n    line 22\n"
      "    ...\n");
}

}  // namespace
}  // namespace delstep
