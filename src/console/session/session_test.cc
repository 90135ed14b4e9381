#include "console/session/session.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"
#include "console/commands/command_table.h"
#include "console/commands/reference.h"
#include "scenario/names.h"
#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(SessionTest, AScriptStopsAtItsFirstErrorWithItsCode) {
  EXPECT_FALSE(session_->RunText("cycle; train 10.0.0.99; cycle", "-c"));
  EXPECT_EQ(session_->exit_code(), 1);
  EXPECT_EQ(simulation_->cycle(), 1u);
  EXPECT_THAT(err_, HasSubstr("-c:1:14: error: no node named '10.0.0.99'"));
}

TEST_F(SessionTest, KeepGoingRemembersTheFirstCode) {
  Open({.keep_going = true});
  EXPECT_TRUE(session_->RunText("load nope.del; lrate 2; cycle", "-c"));
  EXPECT_EQ(session_->exit_code(), 3);
  EXPECT_EQ(simulation_->cycle(), 1u);
}

TEST_F(SessionTest, InteractivelyTheQueueGoesOn) {
  Open({.interactive = true});
  EXPECT_TRUE(session_->FeedLine("bogus; cycle"));
  EXPECT_EQ(simulation_->cycle(), 1u);
}

TEST_F(SessionTest, LoadRunsAFileBeforeWhatIsQueued) {
  Write("sub/inner.del", "train\n");
  Write("sub/middle.del", "load inner.del\nag\n");
  EXPECT_TRUE(session_->RunFile(Write("main.del", "load sub/middle.del; cycle")));
  EXPECT_THAT(Commands(),
              ElementsAre("load sub/middle.del", "load inner.del", "train", "ag", "cycle"));
}

TEST_F(SessionTest, AnErrorNamesTheChainOfLoads) {
  const std::string inner = Write("inner.del", "\nbogus\n");
  const std::string outer = Write("outer.del", "# c\nload inner.del\n");
  EXPECT_FALSE(session_->RunFile(outer));
  EXPECT_THAT(err_, HasSubstr(inner + ":2:1: error: no command named 'bogus'\n  bogus\n  ^~~~~\n"));
  EXPECT_THAT(err_, HasSubstr("loaded from " + outer + ":2\n"));
}

TEST_F(SessionTest, SelfLoadingStopsAtADepthOf64) {
  const std::string path = Write("self.del", "cycle; load self.del");
  EXPECT_FALSE(session_->RunFile(path));
  EXPECT_EQ(simulation_->cycle(), 64u);
  EXPECT_EQ(session_->exit_code(), 1);
  EXPECT_THAT(err_, HasSubstr("more than 64 deep: " + path + " (65 times)"));
}

TEST_F(SessionTest, AnUnclosedBraceRunsNothing) {
  EXPECT_FALSE(session_->RunText("cycle\nrepeat 2 {", "-c"));
  EXPECT_EQ(session_->exit_code(), 2);
  EXPECT_EQ(simulation_->cycle(), 0u);
}

TEST_F(SessionTest, StandardInputKeepsAnUnclosedBlock) {
  EXPECT_TRUE(session_->FeedLine("repeat 2 {"));
  EXPECT_TRUE(session_->NeedsMore());
  EXPECT_TRUE(session_->FeedLine("cycle"));
  EXPECT_TRUE(session_->FeedLine("}"));
  EXPECT_FALSE(session_->NeedsMore());
  EXPECT_EQ(simulation_->cycle(), 2u);
  EXPECT_TRUE(session_->FeedLine("load \"x"));
  EXPECT_FALSE(session_->EndInput());
  EXPECT_THAT(err_, HasSubstr("stdin:4:6: error: '\"' is never closed"));
  EXPECT_EQ(session_->exit_code(), 2);
}

TEST_F(SessionTest, AStopEndsAScriptWithItsCode) {
  session_->ObserveCommands([this](const Session::CommandRecord& record) {
    if (record.text == "cycle") session_->RequestStop(ErrorCode::kTerminated);
  });
  EXPECT_FALSE(session_->RunText("cycle; repeat 1000000000 { cycle }", "-c"));
  EXPECT_EQ(simulation_->cycle(), 1u);
  EXPECT_EQ(session_->exit_code(), 143);
}

TEST_F(SessionTest, AConversationGoesOnAfterCtrlC) {
  Open({.interactive = true});
  session_->ObserveCommands([this](const Session::CommandRecord& record) {
    if (record.text == "cycle") session_->RequestStop(ErrorCode::kInterrupted);
  });
  EXPECT_TRUE(session_->FeedLine("cycle; cycle"));
  EXPECT_EQ(simulation_->cycle(), 1u);
  session_->ForgetInterrupt();
  EXPECT_TRUE(session_->FeedLine("autonet"));
  EXPECT_TRUE(simulation_->autonet());
}

TEST_F(SessionTest, RecordsCommandsAsRunWithLoadsInlined) {
  std::vector<std::string> ran;
  session_->ObserveCommands(
      [&](const Session::CommandRecord& record) { ran.push_back(record.text); });
  const std::string inner = Write("a b.del", "cycle");
  session_->RunText("repeat 2 load \"" + inner + "\"", "-c");
  const std::string load = "load \"" + inner + "\"";
  EXPECT_THAT(ran, ElementsAre("# repeat 2 " + load, "# " + load, "cycle", "# " + load, "cycle"));
}

TEST_F(SessionTest, EnterRepeatsTheLastStepLikeCommand) {
  EXPECT_EQ(session_->RepeatableCommand(), "");
  session_->RunText("train  10.0.0.1; cycle", "-c");
  EXPECT_EQ(session_->RepeatableCommand(), "train 10.0.0.1");
}

TEST_F(SessionTest, QuietShowsResultsOnly) {
  Open({.quiet = true});
  session_->RunText("cycle; test 10.0.0.1 local", "-c");
  EXPECT_TRUE(out_.starts_with("1\tRESULT\t10.0.0.1\tlocal\t")) << out_;
}

TEST_F(SessionTest, RefusedSettingsChangeNothing) {
  const std::string before = config_.ToToml();
  EXPECT_FALSE(session_->RunText("set network.loss 2", "-c"));
  EXPECT_EQ(config_.ToToml(), before);
}

TEST_F(SessionTest, PromptTellsTheState) {
  session_->RunText("cycle; flood 10.0.0.1", "-c");
  EXPECT_EQ(session_->Prompt(), "[cycle 1 · t=0ns · 4 nodes · 3 queued]> ");
}

TEST_F(SessionTest, CompletesVerbsNodesGroupsAndKeywords) {
  session_->RunText("group create g1", "-c");
  EXPECT_THAT(session_->Complete("cycle; tr").words, ElementsAre("train"));
  EXPECT_EQ(session_->Complete("cycle; tr").begin, 7u);
  EXPECT_THAT(session_->Complete("train @").words, ElementsAre("@g1"));
  EXPECT_THAT(session_->Complete("train 10.0.0.1 10.0.0.3").words, ElementsAre("10.0.0.3"));
  EXPECT_THAT(session_->Complete("repeat 3 { ne").words, ElementsAre("neighborhood"));
  EXPECT_THAT(session_->Complete("repeat 3 nst").words, ElementsAre("nstep"));
  EXPECT_THAT(session_->Complete("group g1 s").words, ElementsAre("share", "step"));
  EXPECT_THAT(session_->Complete("link 10.0.0.1 10.0.0.2 l").words, ElementsAre("latency", "loss"));
  EXPECT_THAT(session_->Complete("set training.optimizer a").words, ElementsAre("adam"));
  EXPECT_THAT(session_->Complete("cycle x").words, testing::IsEmpty());
}

TEST_F(SessionTest, HintsAtTheCommandBeingTyped) {
  EXPECT_EQ(session_->Hint("gossip 2"), "gossip K [NODE...]");
  EXPECT_EQ(session_->Hint("cycle; group g1 add"), "group G add NODE...");
  EXPECT_EQ(session_->Hint("xyz"), "");
}

TEST_F(SessionTest, TheBraceOfARepeatMayStandOnALaterLineOfTheInput) {
  for (const char* line : {"repeat 3", "", "# body", "{", "cycle"}) {
    EXPECT_TRUE(session_->FeedLine(line));
    EXPECT_TRUE(session_->NeedsMore()) << line;
  }
  EXPECT_TRUE(session_->FeedLine("}"));
  EXPECT_FALSE(session_->NeedsMore());
  EXPECT_EQ(simulation_->cycle(), 3u);
}

TEST_F(SessionTest, ARepeatWithoutItsBlockIsAnErrorWhenTheInputGoesOnOrEnds) {
  Open({.keep_going = true});
  EXPECT_TRUE(session_->FeedLine("repeat 3"));
  EXPECT_TRUE(session_->FeedLine("cycle"));
  EXPECT_EQ(simulation_->cycle(), 1u);
  EXPECT_THAT(err_, HasSubstr("stdin:1:9: error: repeat needs a number and a command"));
  Open({});
  EXPECT_TRUE(session_->FeedLine("repeat 3"));
  EXPECT_FALSE(session_->EndInput());
  EXPECT_EQ(session_->exit_code(), 2);
}

TEST_F(SessionTest, JsonNamesTheStepThatFollowsApartFromTheNewStateOfAutonet) {
  Open({.json = true});
  EXPECT_TRUE(session_->RunText("autonet; autonet", "-c"));
  EXPECT_THAT(out_, HasSubstr(R"("result":{"autonet":false,"nstep":{"sent":0)"));
}

TEST_F(SessionTest, ALongListOfLinksIsCutForPeopleAndWholeInJson) {
  const std::vector<std::string> overrides = {"data.name=blobs", "nodes.count=8"};
  config_ = *Config::Load(registry_, {}, {}, overrides);
  session_.reset();
  simulation_ = *Simulation::Create(config_.scenario(), registry_);
  Open({});
  EXPECT_TRUE(session_->RunText("link", "-c"));
  EXPECT_THAT(out_, HasSubstr("\n… 16 more\n")) << "of 56";
  EXPECT_EQ(std::ranges::count(out_, '\n'), 1 + 40 + 1);
  out_.clear();
  Open({.json = true});
  EXPECT_TRUE(session_->RunText("link", "-c"));
  EXPECT_THAT(out_, HasSubstr(R"({"from":"10.0.0.8","to":"10.0.0.7")"));
}

TEST_F(SessionTest, AnUnknownNodeInAConfiguredGroupNamesTheKey) {
  const std::vector<std::string> overrides = {"data.name=blobs", "groups.g=[10.0.0.99]"};
  Config config = *Config::Load(registry_, {}, {}, overrides);
  const auto session = Session::Create(*simulation_, config, registry_, {}, {});
  ASSERT_FALSE(session);
  EXPECT_THAT(session.error().message, HasSubstr("groups.g: no node named '10.0.0.99'"));
}

TEST_F(SessionTest, ARuleOfYourOwnIsSetAndCompletedByItsName) {
  registry_.aggregators.Add("mine", "the first rule under another name",
                            *registry_.aggregators.Find("fedavg").value());
  EXPECT_THAT(session_->Complete("set aggregation.name mi").words, ElementsAre("mine"));
  EXPECT_TRUE(session_->RunText("set aggregation.name mine; train; flood; nstep; ag", "-c"));
  EXPECT_EQ(session_->exit_code(), 0) << err_;
  EXPECT_EQ(simulation_->scenario().aggregation.name, "mine");
}

TEST(CommandTable, EveryReservedWordIsAWordOfSomeCommand) {
  for (const std::string_view word : ReservedWords()) {
    // In a usage words stand between blanks, brackets and bars; `all` is in each selector.
    const bool used = word == "all" || std::ranges::any_of(Commands(), [&](const Command& command) {
                        std::string usage(command.usage);
                        for (char& c : usage)
                          if (c == '[' || c == ']' || c == '|') c = ' ';
                        return std::ranges::count(Split(usage, ' '), word) > 0;
                      });
    EXPECT_TRUE(used) << word;
  }
}

TEST(CommandTable, ItsExamplesFitTheirRows) {
  for (const Command& command : Commands()) {
    const ReadScript read = ParseScript(std::string(command.example), "example");
    const auto call = MatchCommand(read.script->statements.at(0).words);
    ASSERT_TRUE(call) << command.example << ": " << call.error().message;
    EXPECT_EQ(call->command, &command) << command.example;
  }
}

TEST(CommandTable, HelpFitsEightyColumns) {
  const std::string help = *HelpText("");
  for (const std::string_view line : Split(help, '\n')) EXPECT_LE(DisplayWidth(line), 80u) << line;
}

TEST(CommandTable, AutonetFollowsTheScopesThatTheManualNames) {
  for (const Command& command : Commands()) {
    // `link` and `group list` only show.
    const bool looks = command.shows && (command.scope == CommandScope::kNetwork ||
                                         command.scope == CommandScope::kGroup);
    const bool follows = !looks && command.scope != CommandScope::kInterface &&
                         command.scope != CommandScope::kLogging &&
                         command.scope != CommandScope::kScripting &&
                         !command.usage.starts_with("nstep");
    EXPECT_EQ(command.autonet, follows) << command.usage;
  }
}

}  // namespace
}  // namespace delstep
