#include "console/language/pattern.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

/// "ok", or the error's message.
std::string Try(std::string_view usage, const std::string& text) {
  const ReadScript read = ParseScript(text, "t");
  const Fit fit = Pattern(usage).Match(read.script->statements.at(0).words);
  return fit.error ? fit.error->message : "ok";
}

TEST(Pattern, WordsStandForThemselves) {
  EXPECT_EQ(Try("data show", "data show"), "ok");
  EXPECT_EQ(Try("data show", "data shwo"), "expected show, not 'shwo'");
  EXPECT_EQ(Try("data show", "data"), "expected show");
  EXPECT_EQ(Try("cycle", "cycle extra"), "unexpected 'extra'");
}

TEST(Pattern, OptionsWithAWordOfTheirOwnComeInAnyOrder) {
  constexpr std::string_view kLink = "link A B [loss P] [latency T] [up|down] [oneway]";
  EXPECT_EQ(Try(kLink, "link x y oneway latency 20ms loss 0.5 up"), "ok");
  EXPECT_EQ(Try(kLink, "link x y up down"), "expected loss, latency or oneway, not 'down'");
  EXPECT_EQ(Try(kLink, "link x y loss"), "expected P");
  EXPECT_EQ(Try(kLink, "link x"), "expected B");
}

TEST(Pattern, ADurationEndsAListOfNodes) {
  constexpr std::string_view kStep = "nstep [NODE...] [DURATION]";
  EXPECT_EQ(Try(kStep, "nstep"), "ok");
  EXPECT_EQ(Try(kStep, "nstep 100ms"), "ok");
  EXPECT_EQ(Try(kStep, "nstep 10.0.0.1 x 100ms"), "ok");
  EXPECT_EQ(Try(kStep, "nstep 100ms 10.0.0.1"), "unexpected '10.0.0.1'");
}

TEST(Pattern, ScopesEndAListOfNodes) {
  constexpr std::string_view kTest = "test [NODE...] [local|global|group G]";
  EXPECT_EQ(Try(kTest, "test 10.0.0.2 @g all local"), "ok");
  EXPECT_EQ(Try(kTest, "test group g1"), "ok");
  EXPECT_EQ(Try(kTest, "test local 10.0.0.2"), "unexpected '10.0.0.2'");
}

TEST(Pattern, KeepsArgumentsByPlaceholder) {
  const ReadScript read = ParseScript("gossip 3 10.0.0.1 @g", "t");
  const Pattern pattern("gossip K [NODE...]");
  const Fit fit = pattern.Match(read.script->statements.at(0).words);
  ASSERT_FALSE(fit.error);
  EXPECT_EQ(fit.arguments.Get<std::uint64_t>("K"), 3u);
  EXPECT_EQ(fit.arguments.Choices().size(), 2u);
  EXPECT_EQ(fit.arguments.TextOf("NODE"), "10.0.0.1 @g");
}

TEST(Pattern, SaysWhatMayComeNext) {
  const ReadScript read = ParseScript("link 10.0.0.1 10.0.0.2 loss 0.1", "t");
  const Pattern pattern("link A B [loss P] [up|down]");
  const Fit fit = pattern.Match(read.script->statements.at(0).words);
  ASSERT_EQ(fit.expected.size(), 2u);
  EXPECT_EQ(fit.expected[0].text, "up");
  EXPECT_EQ(fit.expected[1].text, "down");
}

// What programs send may have one, and the file whose name ends there was taken for it.
TEST(Pattern, AFileHasNoByte0InItsName) {
  const std::string name("a\0b.csv", 7);
  for (const char* usage :
       {"load SCRIPT", "save FILE", "topology GRAPH", "import MODEL", "checkpoint CHECKPOINT"}) {
    const Pattern pattern(std::string_view(usage).substr(std::string_view(usage).find(' ') + 1));
    const std::vector<Word> words = {Word{.text = name}};
    const Fit fit = pattern.Match(words);
    ASSERT_TRUE(fit.error) << usage;
    EXPECT_EQ(fit.error->code, ErrorCode::kUsage) << usage;
    EXPECT_THAT(fit.error->hint, testing::HasSubstr("byte 0")) << usage;
  }
}

TEST(Pattern, WrongValuesAreErrorsWhateverTheState) {
  EXPECT_NE(Try("lrate V", "lrate 2"), "ok");
  EXPECT_NE(Try("gossip K", "gossip 0"), "ok");
  EXPECT_NE(Try("gossip K", "gossip x"), "ok");
  EXPECT_NE(Try("repeat N", "repeat -1"), "ok");
  EXPECT_EQ(Try("repeat N", "repeat 0"), "ok");
  EXPECT_NE(Try("exchange A B", "exchange @g1 10.0.0.1"), "ok");
}

}  // namespace
}  // namespace delstep
