#include "console/session/session.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "console/commands/command_table.h"
#include "console/commands/help.h"
#include "console/language/diagnostics.h"
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

TEST_F(SessionTest, ACompilersMessageKeepsItsLines) {
  const Error error{
      .code = ErrorCode::kFile, .message = "no:\n a.cpp:1: bad\x1b[2J\n", .where = {}};
  EXPECT_EQ(FormatError(error, "", {}, false), "error: no:\n   a.cpp:1: bad\\x1b[2J\n");
}

TEST_F(SessionTest, KeepGoingRemembersTheFirstCode) {
  Open({.keep_going = true});
  EXPECT_TRUE(session_->RunText("load nope.del; lrate 2; cycle", "-c"));
  EXPECT_EQ(session_->exit_code(), 3);
  EXPECT_EQ(simulation_->cycle(), 1u);
}

TEST_F(SessionTest, ATypedLineThatIsWrongInFormRunsNothing) {
  Open({.interactive = true});
  for (const char* line :
       {"cycle; bogus; cycle", "cycle; lrate 2", "cycle; set training.lr ten",
        "cycle; set training.optimizer rmsprpo", "cycle }", "repeat 2 {cycle; flod}",
        "cycle; expect bogus > 1", "cycle; train 10.0.0.99; flod"}) {
    err_.clear();
    EXPECT_TRUE(session_->FeedLine(line));
    EXPECT_EQ(simulation_->cycle(), 0u) << line;
    EXPECT_THAT(err_, HasSubstr("error: ")) << line;
    EXPECT_THAT(err_, testing::Not(HasSubstr("stdin:"))) << line;
  }
}

TEST_F(SessionTest, ARefusalDropsTheRestOfTheTypedLine) {
  Open({.interactive = true});
  EXPECT_TRUE(session_->FeedLine("cycle; train 10.0.0.99; cycle"));
  EXPECT_EQ(simulation_->cycle(), 1u);
  EXPECT_TRUE(session_->FeedLine("repeat 3 {cycle; ag @nobody}; cycle"));
  EXPECT_EQ(simulation_->cycle(), 2u);
  EXPECT_THAT(err_, HasSubstr("what was queued after it is dropped"));
  EXPECT_TRUE(session_->FeedLine("cycle")) << "the session goes on";
  EXPECT_EQ(simulation_->cycle(), 3u);
}

TEST_F(SessionTest, WhatATypedLineLoadsIsCheckedBeforeAnythingRuns) {
  Open({.interactive = true});
  const std::string inner = Write("late.del", "cycle\nrepeat 2 {\n flod\n}\n");
  EXPECT_TRUE(session_->FeedLine("load \"" + inner + "\""));
  EXPECT_EQ(simulation_->cycle(), 0u);
  EXPECT_THAT(err_, HasSubstr(inner + ":3:2: error: no command named 'flod'"));
}

TEST_F(SessionTest, ScriptsAreCheckedTogetherBeforeTheFirstRuns) {
  const std::string late = Write("late.del", "cycle\nsave resutls x.csv\n");
  const std::vector<ScriptSource> sources = {
      {.is_file = false, .text = "group create g; group g add 10.0.0.1; train @g", .origin = "-c"},
      {.is_file = true, .text = late}};
  EXPECT_FALSE(session_->CheckAhead(sources));
  EXPECT_EQ(session_->exit_code(), 2);
  EXPECT_THAT(err_, HasSubstr(late + ":2:6: error: "));
  EXPECT_TRUE(Commands().empty()) << "nothing has run";
}

TEST_F(SessionTest, WhatTheStateRefusesIsNotFoundAhead) {
  Open({});
  const std::string good =
      Write("good.del", "train 10.0.0.99; ag @nobody; load nope.del; set training.lr 1");
  const std::vector<ScriptSource> sources = {
      {.is_file = true, .text = good},
      {.is_file = true, .text = "/no/such.del"},
      {.is_file = false, .text = "exit; bogus", .origin = "-c"},
      {.is_file = false, .text = "bogus", .origin = "-c"}};
  EXPECT_TRUE(session_->CheckAhead(sources)) << err_;
  EXPECT_EQ(err_, "");
  EXPECT_EQ(session_->exit_code(), 0);
}

TEST_F(SessionTest, AFileThatLoadsItselfIsCheckedOnce) {
  const std::string self = Write("self.del", "cycle; load self.del; load self.del; flod");
  const std::vector<ScriptSource> sources = {{.is_file = true, .text = self}};
  EXPECT_FALSE(session_->CheckAhead(sources));
  EXPECT_THAT(err_, HasSubstr(self + ":1:38: error: no command named 'flod'"));
}

TEST_F(SessionTest, EchoShowsCommandsAndCommentsOfScripts) {
  Open({.echo = true});
  EXPECT_TRUE(
      session_->RunText("# first\ncycle # one\nrepeat 2 {\n # again\n cycle }\n# end", "-c"));
  EXPECT_EQ(out_,
            "# first\n> cycle  # one\ncycle 1\n> repeat 2 { ... }\n# again\n> cycle\ncycle 2\n"
            "# again\n> cycle\ncycle 3\n# end\n");
  Open({.quiet = true, .echo = true});
  out_.clear();
  session_->RunText("# first\ncycle; echo hello", "-c");
  EXPECT_EQ(out_, "");
  // What a person types stands there already; what it loads does not.
  Open({.interactive = true, .echo = true});
  session_->FeedLine("cycle; load \"" + Write("x.del", "cycle") + "\"");
  EXPECT_EQ(out_, "cycle 5\n> cycle\ncycle 6\n");
}

TEST_F(SessionTest, EchoSaysItsWords) {
  session_->RunText("echo Round  two: \"a  b\" m-{}", "-c");
  EXPECT_EQ(out_, "Round two: a  b m-{}\n");
}

TEST_F(SessionTest, PauseWaitsWhereSomebodyIs) {
  std::string asked;
  session_ = *Session::Create(*simulation_, config_, registry_, {},
                              {.out = [](std::string_view) {},
                               .err = [](std::string_view) {},
                               .wait =
                                   [&](std::string_view text, std::stop_token) {
                                     asked += text;
                                     return std::optional<std::string>("any words");
                                   }});
  EXPECT_TRUE(session_->RunText("pause Look here; cycle", "-c"));
  EXPECT_EQ(asked, "Look here");
  EXPECT_EQ(simulation_->cycle(), 1u);
}

TEST_F(SessionTest, AnInterruptedCommandIsNotRepeatedByEnter) {
  Open({.interactive = true});
  session_->RunText("train", "-c");
  EXPECT_EQ(session_->RepeatableCommand(), "train");
  session_->ObserveCommands([this](const Session::CommandRecord& record) {
    if (record.text == "step") session_->RequestStop(ErrorCode::kInterrupted);
  });
  session_->FeedLine("step; cycle");
  EXPECT_EQ(session_->RepeatableCommand(), "");
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
  EXPECT_THAT(err_, HasSubstr("loaded from " + outer + ":2\n  hint: "));
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

TEST_F(SessionTest, QuietShowsErrorsAndExpectationsOnly) {
  Open({.keep_going = true, .quiet = true});
  session_->RunText("cycle; train; test local; status; expect cycle == 1; train 10.0.0.9", "-c");
  EXPECT_EQ(out_, "cycle is 1, as expected\n");
  EXPECT_THAT(err_, testing::HasSubstr("no node named '10.0.0.9'"));
}

TEST_F(SessionTest, CommandsThatDoSayOneLineInScripts) {
  session_->RunText("train; repeat 2 { flood }; ag", "-c");
  EXPECT_EQ(std::ranges::count(out_, '\n'), 5) << out_;  // and that messages wait
  EXPECT_THAT(out_, testing::StartsWith("trained 4 nodes, mean loss"));
  EXPECT_THAT(out_, testing::EndsWith("24 messages wait in outboxes: nstep carries them\n"));
}

TEST_F(SessionTest, CommandsThatShowShowTheirTablesInScriptsToo) {
  session_->RunText("neighborhood; test local", "-c");
  EXPECT_THAT(out_, testing::StartsWith("node      state  examples  degree  neighbours\n"));
  EXPECT_THAT(out_, testing::HasSubstr("CYCLE\tTYPE\tNODE    \tSCOPE\tLOSS\tACC\n"
                                       "0\tRESULT\t10.0.0.1\tlocal\t"));
}

TEST_F(SessionTest, TablesComeWhenVerboseOrTypedAloneAtAPrompt) {
  const auto tables = [&](SessionOptions options, std::string_view line) {
    Open(options);
    out_.clear();
    session_->FeedLine(line);
    return out_.find("epochs  steps") != std::string::npos;
  };
  EXPECT_TRUE(tables({.verbose = true}, "train; cycle"));
  EXPECT_TRUE(tables({.interactive = true}, "train"));
  EXPECT_FALSE(tables({.interactive = true}, "train; cycle"));
  EXPECT_FALSE(tables({.interactive = true}, "repeat 1 train"));
  EXPECT_FALSE(tables({.interactive = true}, "load " + Write("train.del", "train")));
  EXPECT_FALSE(tables({}, "train"));
}

TEST_F(SessionTest, ShowingCommandsNeverMoveTheNetwork) {
  session_->RunText("group create g; group g add all; autonet; flood 10.0.0.1", "-c");
  session_->RunText("send 10.0.0.2 10.0.0.1; autonet; send 10.0.0.2 10.0.0.1; autonet", "-c");
  // The last autonet said "on", which takes effect from the next command on: one message waits.
  ASSERT_EQ(simulation_->queued(), 1u);
  for (const Command& command : delstep::Commands())
    if (command.shows && command.scope != CommandScope::kLearning &&
        command.usage.find("test") == std::string_view::npos)
      session_->RunText(command.example, "-c");
  EXPECT_EQ(simulation_->queued(), 1u);
}

// Half as many took a quarter of an hour when each command counted all others. These would take four times
// that, and the limit of time of a test, which is ten minutes, would tell.
TEST_F(SessionTest, RunsAVeryLongScript) {
  std::string script;
  for (int i = 0; i < 600'000; ++i) script += "cycle\n";
  std::uint64_t last = 0;
  session_->ObserveCommands(
      [&](const Session::CommandRecord&) { last = session_->PlaceInRun().number; });
  session_->RunText(script, "-c");
  EXPECT_EQ(last, 600'000u);
}

TEST_F(SessionTest, AnEmptyLineRepeatsOnlyWhatWentWell) {
  Open({.interactive = true});
  session_->FeedLine("train 10.0.0.1");
  EXPECT_EQ(session_->RepeatableCommand(), "train 10.0.0.1");
  session_->FeedLine("trian 10.0.0.1");
  EXPECT_EQ(session_->RepeatableCommand(), "");
  session_->FeedLine("train 10.0.0.99");
  EXPECT_EQ(session_->RepeatableCommand(), "");
}

TEST_F(SessionTest, HelpSpeaksAtAQuietPromptToo) {
  Open({.interactive = true, .quiet = true});
  session_->FeedLine("cycle; help train");
  EXPECT_THAT(out_, HasSubstr("train [NODE...]"));
  EXPECT_THAT(out_, testing::Not(HasSubstr("cycle 1")));
}

TEST_F(SessionTest, CompletesNodesBehindAStatistic) {
  EXPECT_THAT(session_->Complete("expect test_acc:global(min, 10.0.0.").words,
              ElementsAre("10.0.0.1)", "10.0.0.2)", "10.0.0.3)", "10.0.0.4)"));
  EXPECT_THAT(session_->Complete("expect test_acc(min, 10.0.0.1) > 0 and trai").words,
              ElementsAre("train_loss", "trained"));
}

TEST_F(SessionTest, TellsHowFarARepeatIsWhileItRuns) {
  std::vector<std::string> places;
  session_->ObserveCommands([&](const Session::CommandRecord& record) {
    const Session::Place place = session_->PlaceInRun();
    places.push_back(record.text + (place.in_repeat ? " round " : " command ") +
                     std::to_string(place.number) + "/" + std::to_string(place.of));
  });
  session_->RunText("cycle; repeat 2 { cycle }", "-c");
  EXPECT_THAT(places, ElementsAre("cycle command 1/2", "# repeat 2 { ... } command 2/2",
                                  "cycle round 1/2", "cycle round 2/2"));
  EXPECT_EQ(session_->PlaceInRun().of, 0u);
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

TEST_F(SessionTest, PromptTellsWhereOneIsInTheHistory) {
  session_->RunText("cycle; undo", "-c");
  EXPECT_THAT(session_->Prompt(), HasSubstr(" queued · moment 0 of main]> "));
  session_->RunText("branch lossy; cycle", "-c");
  EXPECT_THAT(session_->Prompt(), HasSubstr(" queued · branch lossy]> "));
}

TEST_F(SessionTest, HintsLeadToWhatWasMeant) {
  const std::pair<const char*, const char*> slips[] = {
      {"test all local global", "hint: one of them at most: local, global"},
      {"link 10.0.0.1 10.0.0.2 lat 5ms", "hint: did you mean 'latency'?"},
      {"train 10.0.0.1..3", "hint: write 10.0.0.[1-3]"},
      {"train 10.0.0.900", "and the last one is 1 to 254"},
      {"set batch 12", "hint: did you mean 'training.batch_size'?"},
      {"epochs 2", "hint: did you mean 'set training.epochs 2'?"},
      {"for i in 1 2 { train }", "error: no command named 'for'"},
      {"expect test_acc:locl > 1", "did you mean 'local'? that of a group"},
      {"load nix", "hint: check the path"},
  };
  for (const auto& [typed, hint] : slips) {
    err_.clear();
    EXPECT_FALSE(session_->RunText(typed, "-c")) << typed;
    EXPECT_THAT(err_, HasSubstr(hint)) << typed;
  }
}

TEST_F(SessionTest, ProbabilitiesMayBeInPerCent) {
  EXPECT_TRUE(session_->RunText("link 90%", "-c")) << err_;
  EXPECT_THAT(out_, HasSubstr("delivery probability 0.9 on all links"));
  EXPECT_TRUE(session_->RunText("link all loss 10%", "-c")) << err_;
  EXPECT_FALSE(session_->RunText("link all loss 101%", "-c"));
}

TEST_F(SessionTest, CompletesNoMetricsWhereADurationStands) {
  EXPECT_THAT(session_->Complete("run until clo").words, ElementsAre("clock"));
  EXPECT_THAT(session_->Complete("run until clock > 2 for ").words, testing::IsEmpty());
}

TEST_F(SessionTest, CompletesFilesBelowTheHomeFolder) {
  Write("warm.del", "cycle\n");
  const char* const home = std::getenv("HOME");
  const std::string before = home == nullptr ? "" : home;
  setenv("HOME", folder_.c_str(), 1);
  const auto words = session_->Complete("load ~/wa").words;
  if (home == nullptr)
    unsetenv("HOME");
  else
    setenv("HOME", before.c_str(), 1);
  EXPECT_THAT(words, ElementsAre("~/warm.del"));
}

TEST_F(SessionTest, CompletesNoMetricsWhereABreakpointIsDeleted) {
  EXPECT_THAT(session_->Complete("break delete ").words, ElementsAre("all"));
  EXPECT_EQ(session_->Hint("break"), "break");
  EXPECT_EQ(session_->Hint("branch "), "branch NAME");
}

TEST_F(SessionTest, CompletesTheNumbersOfMessagesThatAreNotYetAggregated) {
  session_->FeedLine("send 10.0.0.1 10.0.0.2; nstep; flood 10.0.0.1; ag 10.0.0.2");
  EXPECT_THAT(session_->Complete("drop ").words, ElementsAre("1", "2", "3"));
  EXPECT_THAT(session_->Complete("deliver 1 2").words, ElementsAre("2"));
}

TEST_F(SessionTest, CompletesVerbsNodesGroupsAndKeywords) {
  session_->RunText("group create g1", "-c");
  EXPECT_THAT(session_->Complete("cycle; tr").words, ElementsAre("train"));
  EXPECT_EQ(session_->Complete("cycle; tr").begin, 7u);
  EXPECT_THAT(session_->Complete("train @").words, ElementsAre("@g1"));
  EXPECT_THAT(session_->Complete("train 10.0.0.1 10.0.0.3").words, ElementsAre("10.0.0.3"));
  EXPECT_THAT(session_->Complete("repeat 3 { nei").words, ElementsAre("neighborhood"));
  EXPECT_THAT(session_->Complete("repeat 3 nst").words, ElementsAre("nstep"));
  EXPECT_THAT(session_->Complete("group g1 s").words, ElementsAre("share", "step"));
  EXPECT_THAT(session_->Complete("link 10.0.0.1 10.0.0.2 l").words, ElementsAre("latency", "loss"));
  EXPECT_THAT(session_->Complete("set training.optimizer a").words, ElementsAre("adam", "adamw"));
  EXPECT_THAT(session_->Complete("cycle x").words, testing::IsEmpty());
  EXPECT_THAT(session_->Complete("repeat 3 {tra").words, ElementsAre("train"));
  EXPECT_THAT(session_->Complete("config show training.opt").words,
              ElementsAre("training.optimizer"));
  EXPECT_THAT(session_->Complete("expect test_a").words, ElementsAre("test_acc"));
  EXPECT_THAT(session_->Complete("expect test_acc(me").words, ElementsAre("test_acc(mean)"));
  EXPECT_THAT(session_->Complete("expect los").words, ElementsAre("lost"));
  EXPECT_THAT(session_->Complete("# tra").words, testing::IsEmpty());
  EXPECT_EQ(session_->Complete("export all m{}").begin, 11u) << "a pair is part of the word";
}

TEST_F(SessionTest, CompletesNamesOfFilesInsideAQuote) {
  Write("Aufgabe 1.del", "");
  const Completion completion = session_->Complete("load \"" + (folder_ / "Aufgabe ").string());
  EXPECT_EQ(completion.begin, 5u);
  EXPECT_THAT(completion.words, ElementsAre((folder_ / "Aufgabe 1.del").string()));
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

TEST_F(SessionTest, ALongListOfLinksIsCutAtATerminalAndWholeInFilesAndJson) {
  const std::vector<std::string> overrides = {"data.name=blobs", "nodes.count=8"};
  config_ = *Config::Load(registry_, {}, {}, overrides);
  session_.reset();
  simulation_ = *Simulation::Create(config_.scenario(), registry_);
  Open({.width = 80});
  EXPECT_TRUE(session_->RunText("link", "-c"));
  EXPECT_THAT(out_, HasSubstr("\n… 16 more\n")) << "of 56";
  EXPECT_EQ(std::ranges::count(out_, '\n'), 1 + 40 + 1);
  out_.clear();
  Open({});
  EXPECT_TRUE(session_->RunText("link", "-c"));
  EXPECT_EQ(std::ranges::count(out_, '\n'), 1 + 56);
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

TEST(CommandTable, VerbsOfOtherProgramsLeadToCommandsThatThereAre) {
  for (const char* verb : {"quit", "nodes", "aggregate", "evaluate", "print", "source", "for", "lr",
                           "results", "get"}) {
    const ReadScript read = ParseScript(verb, "other");
    const auto call = MatchCommand(read.script->statements.at(0).words);
    ASSERT_FALSE(call) << verb << " is a command now: take it from the list";
    const std::string& hint = call.error().hint;
    constexpr std::string_view kBefore = "did you mean '";
    ASSERT_TRUE(hint.starts_with(kBefore)) << hint;
    const std::size_t end = hint.find_first_of(" '", kBefore.size());
    const std::string here = hint.substr(kBefore.size(), end - kBefore.size());
    EXPECT_EQ(std::ranges::count(Verbs(), here), 1) << hint;
  }
}

TEST(CommandTable, AutonetFollowsTheScopesThatTheManualNames) {
  for (const Command& command : Commands()) {
    const bool follows =
        command.scope != CommandScope::kInterface && command.scope != CommandScope::kLogging &&
        command.scope != CommandScope::kScripting && command.scope != CommandScope::kTime &&
        !command.usage.starts_with("nstep") && !command.usage.starts_with("run") &&
        !command.usage.starts_with("next") &&
        (!command.shows || command.scope == CommandScope::kLearning ||
         command.usage.find(" test ") != std::string_view::npos);
    EXPECT_EQ(command.autonet, follows) << command.usage;
  }
}

}  // namespace
}  // namespace delstep
