// `at`, `every` and `schedule`: what may be planned, and what becomes of it.
#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SessionPlans : public SessionTest {
 protected:
  std::string Say(std::string_view commands) {
    out_.clear();
    session_->RunText(commands, "-c");
    return out_;
  }
};

TEST_F(SessionPlans, RunInOrderOfTimeThenOfNumber) {
  EXPECT_EQ(Say("at 2s echo b; every 1s { echo a }; at 2s { echo c; echo d }; run 3s"),
            "planned 1: at 2s: echo b\n"
            "planned 2: at 1s, then every 1s: echo a\n"
            "planned 3: at 2s: echo c; echo d\n"
            "1s: a\n2s: b\n2s: a\n2s: c\n2s: d\n3s: a\n"
            "5 happenings · clock 3s (+3s)\n");
}

TEST_F(SessionPlans, AreRecordedAsTypedAndNotByWhatTheyRun) {
  std::vector<std::string> recorded;
  session_->ObserveCommands([&](const Session::CommandRecord& record) {
    if (!record.is_planned) recorded.push_back(record.text);
  });
  Say("at 1s {\n  train 10.0.0.1  # a comment\n  repeat 2 { cycle; cycle }\n}\nrun 2s");
  EXPECT_THAT(recorded,
              ElementsAre("at 1s { train 10.0.0.1; repeat 2 { cycle; cycle } }", "run 2s"));
  EXPECT_EQ(simulation_->cycle(), 4u);
  // The log tells them: a result would stand there without its test.
  EXPECT_THAT(Commands(),
              ElementsAre("at 1s { train 10.0.0.1; repeat 2 { cycle; cycle } }", "train 10.0.0.1",
                          "repeat 2 { ... }", "cycle", "cycle", "cycle", "cycle", "run 2s"));
}

TEST_F(SessionPlans, AreToldByTheSchedule) {
  EXPECT_EQ(Say("every 1500ms test 10.0.0.1 local; at 60s { node down 10.0.0.3 }; schedule"),
            "planned 1: at 1.5s, then every 1.5s: test 10.0.0.1 local\n"
            "planned 2: at 60s: node down 10.0.0.3\n"
            "plan  next at  every  command\n"
            "   1     1.5s   1.5s  test 10.0.0.1 local\n"
            "   2      60s      –  node down 10.0.0.3\n");
  EXPECT_EQ(Say("schedule delete 1; schedule delete 2; schedule"),
            "forgot 1: every 1.5s { test 10.0.0.1 local }\n"
            "forgot 2: at 60s { node down 10.0.0.3 }\n"
            "nothing is planned; plan: at TIME COMMAND\n");
  EXPECT_EQ(Say("schedule delete 2"), "");
  EXPECT_EQ(session_->exit_code(), 1);
}

TEST_F(SessionPlans, ARefusalEndsTheRunWithItsTimeAndCode) {
  EXPECT_FALSE(session_->RunText("at 2s { node down 10.0.0.9; echo never }; run 5s", "-c"));
  EXPECT_EQ(session_->exit_code(), 1);
  EXPECT_THAT(err_, HasSubstr("-c:1:43: error: at 2s, 'node down 10.0.0.9' (planned command 1): no "
                              "node named '10.0.0.9'\n"));
  EXPECT_EQ(simulation_->now(), SimTime(std::chrono::seconds(2)));
}

TEST_F(SessionPlans, AnExpectationEndsItWithItsOwnCode) {
  EXPECT_FALSE(session_->RunText("every 1s { cycle; expect cycle < 3 }; run 5s", "-c"));
  EXPECT_EQ(session_->exit_code(), 5);
  EXPECT_EQ(simulation_->now(), SimTime(std::chrono::seconds(3)));
}

TEST_F(SessionPlans, KeepGoingGoesOnWithTheNextCommand) {
  Open({.keep_going = true});
  EXPECT_THAT(Say("at 2s { node down 10.0.0.9; echo after }; run 5s"),
              HasSubstr("2s: after\n1 happening · clock 5s (+5s)\n"));
  EXPECT_EQ(session_->exit_code(), 1);
  EXPECT_THAT(err_, HasSubstr("error: at 2s, 'node down 10.0.0.9' (planned command 1)"));
}

TEST_F(SessionPlans, TakeOnlyWhatMovesNoTimeAndGoesNowhere) {
  for (const char* command : {"run 1s", "next", "nstep", "undo", "load x.del", "checkpoint x.ckpt",
                              "exit", "at 1s train", "every 1s train", "autonet", "status",
                              "break lost > 0", "repeat 2 { train; nstep }", "trian", "link 2"})
    EXPECT_THAT(Check(std::string("at 5s { ") + command + " }\n"), ElementsAre(2)) << command;
  for (const char* command :
       {"train", "step", "ag", "test global", "flood", "drop 1", "node down 10.0.0.1", "link 0.9",
        "cycle", "set training.lr 0.1", "expect lost == 0", "echo hi", "group create x",
        "repeat 2 { train; ag }", "node down 10.0.0.99", "log", "stats", "move 10.0.0.1 0 0"})
    EXPECT_THAT(Check(std::string("at 5s { ") + command + " }\n"), testing::IsEmpty()) << command;
}

TEST_F(SessionPlans, RefuseThePastAndNoPeriod) {
  Say("run 5s; at 4s train");
  EXPECT_EQ(session_->exit_code(), 1);
  EXPECT_THAT(err_, HasSubstr("is past: the clock stands at 5 s"));
  EXPECT_THAT(Check("every 0s train\nat train\nat 5s\nat 5s { }\nat 5s { train\n"),
              ElementsAre(2, 2, 2, 2, 2));
}

TEST_F(SessionPlans, ForNowRunAtOnceInTheNextRun) {
  EXPECT_EQ(Say("at 0s echo now; run 0s"),
            "planned 1: at 0ns: echo now\n0ns: now\n1 happening · clock 0ns\n");
}

TEST_F(SessionPlans, ProgramsGetThemAsParts) {
  Open({.json = true});
  EXPECT_THAT(Say("at 1s { cycle; repeat 2 cycle }; run 2s"),
              HasSubstr(R"("cmd":"repeat 2 cycle","ok":true,"t":1000000000,"cycle":1,"result":{)"
                        R"("times":2,"failed":0},"parts":2})"));
  EXPECT_THAT(out_, HasSubstr(R"("stopped_by":"duration","failed":0},"parts":4})"));
}

TEST_F(SessionPlans, CompleteAsCommands) {
  EXPECT_THAT(session_->Complete("at 5s { tr").words, ElementsAre("train"));
  EXPECT_THAT(session_->Complete("every 5s node d").words, ElementsAre("down"));
  EXPECT_THAT(session_->Complete("run until clo").words, ElementsAre("clock"));
  EXPECT_THAT(session_->Complete("schedule d").words, ElementsAre("delete"));
}

}  // namespace
}  // namespace delstep
