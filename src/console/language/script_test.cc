#include "console/language/script.h"

#include <gtest/gtest.h>

#include "console/language/command_queue.h"

namespace delstep {
namespace {

std::vector<std::string> RunAll(std::string text) {
  ReadScript read = ParseScript(std::move(text), "test.del");
  if (read.unclosed) return {"unclosed " + read.unclosed->where};
  CommandQueue queue;
  queue.Push(read.script, false);
  std::vector<std::string> ran;
  while (const Statement* statement = queue.Next()) {
    if (statement->bad) {
      ran.push_back("bad " + statement->bad->where);
      continue;
    }
    if (statement->words.front().text == "repeat") {
      queue.Repeat(std::stoul(statement->words.at(1).text));
      continue;
    }
    ran.push_back(CommandText(statement->words));
  }
  return ran;
}

using Texts = std::vector<std::string>;

TEST(Script, SemicolonsAndNewLinesEndCommands) {
  EXPECT_EQ(RunAll("train; ag\n\n  ;; step  10.0.0.1\t@g1\r\n"),
            (Texts{"train", "ag", "step 10.0.0.1 @g1"}));
}

TEST(Script, ACommentBeginsOnlyAtTheStartOfAWord) {
  EXPECT_EQ(RunAll("train a#b # rest; ag\n#all\nstep"), (Texts{"train a#b", "step"}));
}

TEST(Script, QuotesHoldBlanksSemicolonsAndComments) {
  const auto ran = RunAll("load \"a b;c #d.del\"; train");
  EXPECT_EQ(ran, (Texts{"load \"a b;c #d.del\"", "train"}));
}

TEST(Script, AQuotedBraceIsAWord) {
  EXPECT_EQ(RunAll("group create \"{\""), (Texts{"group create \"{\""}));
}

TEST(Script, BracesAreWordsOfTheirOwnEvenWhereTheyTouchOthers) {
  EXPECT_EQ(RunAll("repeat 2 {train; ag}"), (Texts{"train", "ag", "train", "ag"}));
  EXPECT_EQ(RunAll("repeat 2{a}; b"), (Texts{"a", "a", "b"}));
  EXPECT_EQ(RunAll("repeat 1 {repeat 2 {a}}\nb"), (Texts{"a", "a", "b"}));
  EXPECT_EQ(RunAll("repeat 2 {#c}\na}"), (Texts{"a", "a"}));
  EXPECT_EQ(RunAll("repeat 2 {}; repeat 2 {"), (Texts{"unclosed test.del:1:23"}));
  EXPECT_EQ(RunAll("a; b}; c"), (Texts{"a", "b", "bad test.del:1:5", "c"}));
}

TEST(Script, APairOfBracesBelongsToTheWordThatItFollows) {
  EXPECT_EQ(RunAll("export all model-{}.npz"), (Texts{"export all model-{}.npz"}));
  EXPECT_EQ(RunAll("repeat 2 {export all m{}}"), (Texts{"export all m{}", "export all m{}"}));
  EXPECT_EQ(RunAll("export all \"{}.npz\""), (Texts{"export all \"{}.npz\""}));
  EXPECT_EQ(RunAll("a \"x{y\""), (Texts{"a \"x{y\""}));
}

TEST(Script, ABraceThatIsNeverClosedSaysWhyTheLastOneDoesNotCloseIt) {
  const auto hint = [](std::string text) {
    return ParseScript(std::move(text), "t").unclosed->hint;
  };
  EXPECT_EQ(hint("repeat 2 { a"), "end the block with a '}'");
  EXPECT_EQ(hint("repeat 2 {export all m{}"),
            "end the block with a '}'; the one in 'm{}' is part of that word");
  EXPECT_EQ(ParseScript("cycle {", "t").unclosed->message,
            "'{' only follows 'repeat N', 'at TIME' and 'every DURATION'");
  EXPECT_EQ(ParseScript("repeat\u00A03 { a }", "t").script->statements[0].bad->hint,
            "there is a no-break space, U+00A0, in it: type a common blank");
}

TEST(Script, AQuestionMarkIsHelp) {
  EXPECT_EQ(RunAll("?; ? train; train ?"), (Texts{"help", "help train", "train ?"}));
}

TEST(Script, CommentsStayWithTheCommandsThatTheyStandAt) {
  const ReadScript read =
      ParseScript("# a\n#b\ntrain # now\n\nrepeat 2 # c\n{ # d\n ag\n # e\n}\n# f", "t");
  const auto& list = read.script->statements;
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].comments, (Texts{"# a", "#b"}));
  EXPECT_EQ(list[0].remark, "# now");
  EXPECT_EQ(list[1].remark, "# c");
  EXPECT_EQ(list[2].comments, (Texts{"# d"}));
  EXPECT_EQ(read.script->last_comments, (Texts{"# e", "# f"}));
}

TEST(Script, AnEmptyQuotedWordIsAWord) { EXPECT_EQ(RunAll("load \"\""), (Texts{"load \"\""})); }

TEST(Script, ByteOrderMarkAndNulBytesDoNotStopIt) {
  EXPECT_EQ(RunAll("\xEF\xBB\xBFtrain\n"), (Texts{"train"}));
  EXPECT_EQ(RunAll(std::string("a\0b; c", 6)), (Texts{std::string("a\0b", 3), "c"}));
}

TEST(Script, RepeatsAreNestedOnOneOrManyLines) {
  EXPECT_EQ(RunAll("repeat 2 { a; repeat 2 b }"), (Texts{"a", "b", "b", "a", "b", "b"}));
  EXPECT_EQ(RunAll("repeat 2 {\n a # x\n repeat 2 {\n b\n }\n}\nc"),
            (Texts{"a", "b", "b", "a", "b", "b", "c"}));
  EXPECT_EQ(RunAll("repeat 2 # x\n\n{\n a }\nb"), (Texts{"a", "a", "b"}));
  EXPECT_EQ(RunAll("repeat 2 repeat 2\r\n{ a\n}"), (Texts{"a", "a", "a", "a"}));
  EXPECT_EQ(RunAll("repeat 2 repeat 3 a; b"), (Texts{"a", "a", "a", "a", "a", "a", "b"}));
}

TEST(Script, RepeatZeroRunsNothing) { EXPECT_EQ(RunAll("repeat 0 { a }; b"), (Texts{"b"})); }

TEST(Script, ABillionRoundsOfNothingEndAtOnce) {
  EXPECT_EQ(RunAll("repeat 1000000000 { }; a"), (Texts{"a"}));
}

TEST(Script, WhatIsNeverClosedIsFoundWithThePlaceWhereItWasOpened) {
  EXPECT_EQ(RunAll("a\nrepeat 2 { b"), (Texts{"unclosed test.del:2:10"}));
  EXPECT_EQ(RunAll("a\n load \"b\nc"), (Texts{"unclosed test.del:2:7"}));
  EXPECT_EQ(RunAll("repeat 2 { repeat 3 { a }"), (Texts{"unclosed test.del:1:10"}));
}

TEST(Script, OtherMistakesAreFoundWhenTheLineIsReached) {
  EXPECT_EQ(RunAll("a\n{ b; c }\nd"), (Texts{"a", "bad test.del:2:1", "d"}));
  EXPECT_EQ(RunAll("train { b; repeat 2 { c } }; d"), (Texts{"bad test.del:1:7", "d"}));
  EXPECT_EQ(RunAll("a; }; b"), (Texts{"a", "bad test.del:1:4", "b"}));
  EXPECT_EQ(RunAll("repeat 3\na"), (Texts{"bad test.del:1:9", "a"}));
  EXPECT_EQ(RunAll("repeat 3;{ a }"), (Texts{"bad test.del:1:9", "bad test.del:1:10"}));
  EXPECT_EQ(RunAll("repeat\n{ a }"), (Texts{"bad test.del:1:7", "bad test.del:2:1"}));
  EXPECT_EQ(RunAll("repeat 2 { a } b; c"), (Texts{"bad test.del:1:16", "c"}));
}

TEST(Script, ABlockThatIsAPairOfBracesNeedsABlankBeforeIt) {
  EXPECT_EQ(RunAll("repeat 2 {}; a"), (Texts{"a"}));
  const ReadScript read = ParseScript("repeat 2{}", "x.del");
  ASSERT_TRUE(read.script->statements.front().bad);
  EXPECT_EQ(read.script->statements.front().bad->hint,
            "'2{}' is one word: a blank before the '{' ends it");
}

TEST(Script, DeepNestingCostsNoStack) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "repeat 1 { ";
  text += "a";
  for (int i = 0; i < 100'000; ++i) text += " }";
  EXPECT_EQ(RunAll(text), (Texts{"a"}));
}

TEST(Script, ColumnsCountCodePoints) {
  const ReadScript read = ParseScript("train ä x", "t.del");
  EXPECT_EQ(PlaceOf(read.script->statements[0].words[2]), "t.del:1:9");
}

TEST(Script, TextOfARepeatNamesItsCommand) {
  const ReadScript read = ParseScript("repeat 2 repeat 3 train 10.0.0.1; repeat 4 { ag }", "t.del");
  EXPECT_EQ(read.script->TextOf(0), "repeat 2 repeat 3 train 10.0.0.1");
  EXPECT_EQ(read.script->TextOf(3), "repeat 4 { ... }");
}

TEST(Script, LinesAreCountedFromTheFirstLine) {
  const ReadScript read = ParseScript("a\nb\r\nc", "stdin", 10);
  EXPECT_EQ(read.script->Line(11), "b");
  EXPECT_EQ(read.script->Line(13), "");
  EXPECT_EQ(PlaceOf(read.script->statements[2].words[0]), "stdin:12:1");
}

}  // namespace
}  // namespace delstep
