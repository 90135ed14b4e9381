#include "apps/delstep/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace delstep {
namespace {

using Kind = CommandSource::Kind;
using testing::ElementsAre;
using testing::HasSubstr;

Result<Arguments> Parse(std::vector<std::string> words) { return ParseArguments(words); }

TEST(Arguments, KeepScriptsAndCommandsInTheOrderGiven) {
  const auto arguments =
      Parse({"-c", "train", "-f", "a.del", "-c", "test; log", "-f", "-", "-fb.del"});
  ASSERT_TRUE(arguments);
  EXPECT_THAT(arguments->sources,
              ElementsAre(CommandSource{Kind::kText, "train"}, CommandSource{Kind::kFile, "a.del"},
                          CommandSource{Kind::kText, "test; log"}, CommandSource{Kind::kInput},
                          CommandSource{Kind::kFile, "b.del"}));
}

TEST(Arguments, TakeOverridesAnywhereInTheOrderGiven) {
  const auto arguments = Parse({"seed=1", "-f", "a.del", "training.lr=0.1", "mnist-12", "--seed",
                                "5", "groups.g=[a, b]", "--portable"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->scenario, "mnist-12");
  EXPECT_THAT(arguments->overrides, ElementsAre("seed=1", "training.lr=0.1", "seed=5",
                                                "groups.g=[a, b]", "portable=true"));
}

TEST(Arguments, TakeValuesOfNodesByAnySelector) {
  const auto arguments = Parse({"training.at.@slow.epochs=3", "training.at.10.0.0.[3-4].lr=0.5",
                                "training.at.\"@slow ann\".lr=0.1"});
  ASSERT_TRUE(arguments) << arguments.error().message;
  EXPECT_THAT(arguments->overrides,
              ElementsAre("training.at.@slow.epochs=3", "training.at.10.0.0.[3-4].lr=0.5",
                          "training.at.@slow ann.lr=0.1"));
}

TEST(Arguments, GiveNewFilesTheEndingThatTheProgramKnows) {
  EXPECT_EQ(Parse({"new", "aggregator", "myrule"})->file, "myrule.cpp");
  EXPECT_EQ(Parse({"new", "behaviour"})->file, "my_behaviour.cpp");
  EXPECT_EQ(Parse({"new", "module", "a/b.cpp"})->file, "a/b.cpp");
  const auto python = Parse({"new", "module", "mymod.py"});
  ASSERT_FALSE(python);
  EXPECT_EQ(python.error().hint, "write mymod.cpp");
}

TEST(Arguments, NeverTakeAnOptionForTheValueOfAnother) {
  for (const char* option : {"-f", "-c", "--check", "--seed", "--out", "--color"})
    for (const char* next : {"--quiet", "-c", "--"}) {
      const auto arguments = Parse({option, next, "train"});
      ASSERT_FALSE(arguments) << option << ' ' << next;
      EXPECT_EQ(arguments.error().code, ErrorCode::kUsage);
      EXPECT_THAT(arguments.error().message, HasSubstr(option));
      EXPECT_THAT(arguments.error().message, HasSubstr(next));
      EXPECT_THAT(arguments.error().hint, HasSubstr(std::string("write ") + option));
    }
  // What may begin with a '-': standard input, a negative number (refused as a number), and a name that is
  // written so that nobody mistakes it.
  EXPECT_THAT(Parse({"-f", "-"})->sources, ElementsAre(CommandSource{Kind::kInput}));
  EXPECT_THAT(Parse({"--seed", "-3"})->overrides, ElementsAre("seed=-3"));
  EXPECT_EQ(Parse({"--out=--quiet"})->out, "--quiet");
  EXPECT_EQ(Parse({"--out", "./--quiet"})->out, "./--quiet");
}

TEST(Arguments, SayHowAKeyIsWrittenWhereABlankStandsForItsEquals) {
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"training.lr", "0.1"},
                                             {"training.lr", "=", "0.1"},
                                             {"training.lr", "=0.1"},
                                             {"mnist-12", "training.lr", "0.1"}})
    EXPECT_EQ(Parse(words).error().hint, "write training.lr=0.1");
}

TEST(Arguments, SayHowAScriptIsRun) {
  for (const auto& words : {std::vector<std::string>{"own.toml", "lesson.del"},
                            std::vector<std::string>{"lesson.DEL", "own.toml"}})
    EXPECT_THAT(ParseArguments(words).error().hint,
                testing::StartsWith("a script is run with -f: delstep own.toml -f lesson."));
}

TEST(Arguments, SayWhatIsMissing) {
  EXPECT_EQ(Parse({"--check"}).error().message, "--check needs a script");
  EXPECT_EQ(Parse({"--out"}).error().message, "--out needs the name of a folder");
  EXPECT_EQ(Parse({"--out="}).error().message, "--out needs a value after the '='");
  EXPECT_EQ(Parse({"--json=1"}).error().message, "--json takes no value");
}

TEST(Arguments, TakeACommandWithBracketsAndCommasWhole) {
  const auto arguments = Parse({"-c", "[a,b]", "-c", "train 10.0.0.[1-3]", "-f", "x,y"});
  ASSERT_TRUE(arguments);
  EXPECT_THAT(arguments->sources, ElementsAre(CommandSource{Kind::kText, "[a,b]"},
                                              CommandSource{Kind::kText, "train 10.0.0.[1-3]"},
                                              CommandSource{Kind::kFile, "x,y"}));
}

TEST(Arguments, KnowTheVerbs) {
  EXPECT_EQ(Parse({"doctor"})->verb, Arguments::Verb::kDoctor);
  EXPECT_EQ(Parse({"bench", "--signature", "--portable"})->verb, Arguments::Verb::kSignature);
  EXPECT_EQ(Parse({"docs", "config"})->page, "config");
  EXPECT_EQ(Parse({"new", "module"})->verb, Arguments::Verb::kNewModule);
  EXPECT_EQ(Parse({"new", "module"})->file, "learning_module.cpp");
  EXPECT_EQ(Parse({"new", "module", "mine.cpp"})->file, "mine.cpp");
  EXPECT_EQ(Parse({"--help"})->verb, Arguments::Verb::kHelp);
  EXPECT_EQ(Parse({"-h", "mnist-12"})->verb, Arguments::Verb::kHelp);
  EXPECT_EQ(Parse({"help"})->verb, Arguments::Verb::kHelp);
  EXPECT_EQ(Parse({"docs", "completion"})->page, "completion bash");
  EXPECT_EQ(Parse({"docs", "completion", "zsh"})->page, "completion zsh");
  EXPECT_EQ(Parse({"setup"})->verb, Arguments::Verb::kSetup);
  EXPECT_TRUE(Parse({"--echo"})->echo);
  EXPECT_EQ(Parse({"--version"})->verb, Arguments::Verb::kVersion);
}

TEST(Arguments, AreRefusedWithExitCode2WhereTheyAreWrong) {
  const std::vector<std::vector<std::string>> wrong = {{"--jsno"},
                                                       {"-z"},
                                                       {"-f"},
                                                       {"--seed"},
                                                       {"--color=blue"},
                                                       {"a", "b"},
                                                       {"--signature"},
                                                       {"bench"},
                                                       {"doctor", "x"},
                                                       {"docs", "nothing"},
                                                       {"new"},
                                                       {"new", "model"},
                                                       {"new", "module", "a.cpp", "b.cpp"},
                                                       {""},
                                                       {"--out="},
                                                       {"--json=false"},
                                                       {"--out", ""},
                                                       {"bench", "--signature", "x"}};
  for (const auto& words : wrong) {
    const auto arguments = Parse(words);
    ASSERT_FALSE(arguments) << testing::PrintToString(words);
    EXPECT_EQ(arguments.error().code, ErrorCode::kUsage);
  }
  EXPECT_THAT(Parse({"--jsno"}).error().hint, HasSubstr("--json"));
  EXPECT_EQ(Parse({"--nix"}).error().hint, "see delstep --help") << "--x is far from it";
}

TEST(Arguments, APageHasAPortOrTheUsualOne) {
  EXPECT_EQ(Parse({})->page_port, std::nullopt);
  EXPECT_EQ(Parse({"--page"})->page_port, 8642);
  EXPECT_EQ(Parse({"--page", "9000"})->page_port, 9000);
  EXPECT_EQ(Parse({"--page=0"})->page_port, 0);
  // What follows is no port: a scenario, another option.
  const auto named = Parse({"--page", "churn", "--page-bind", "0.0.0.0"});
  EXPECT_EQ(named->page_port, 8642);
  EXPECT_EQ(named->scenario, "churn");
  EXPECT_EQ(named->page_bind, "0.0.0.0");
  EXPECT_EQ(Parse({"--page", "-c", "train"})->sources.size(), 1u);
  for (const char* wrong : {"--page=x", "--page=65536", "--page=-1", "--page="})
    EXPECT_FALSE(Parse({wrong})) << wrong;
}

TEST(Arguments, ViewTakesAFolderAndPerhapsAPort) {
  const auto view = Parse({"view", "run", "9000"});
  EXPECT_EQ(view->verb, Arguments::Verb::kView);
  EXPECT_EQ(view->file, "run");
  EXPECT_EQ(view->page_port, 9000);
  EXPECT_EQ(Parse({"view", "run"})->page_port, std::nullopt);
  EXPECT_FALSE(Parse({"view"}));
  EXPECT_FALSE(Parse({"view", "run", "x"}));
  EXPECT_FALSE(Parse({"view", "run", "1", "2"}));
  EXPECT_FALSE(Parse({"view", "run", "-c", "train"}));
  EXPECT_FALSE(Parse({"view", "run", "nodes.count=3"}));
}

}  // namespace
}  // namespace delstep
