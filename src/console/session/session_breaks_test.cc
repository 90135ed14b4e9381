#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class SessionBreaks : public SessionTest {};

TEST_F(SessionBreaks, EndsTheInnermostRepeatAndTheScriptGoesOnBehindIt) {
  EXPECT_TRUE(session_->RunText(
      "break cycle == 3; repeat 2 { repeat 5 { cycle; echo in }; echo behind }", "-c"));
  EXPECT_THAT(Commands(), ElementsAre("break cycle == 3", "repeat 2 { ... }", "repeat 5 { ... }",
                                      "cycle", "echo in", "cycle", "echo in", "cycle",
                                      // The third one hits, in the third of five rounds.
                                      "echo behind", "repeat 5 { ... }", "cycle", "echo in",
                                      "cycle", "echo in", "cycle", "echo in", "cycle", "echo in",
                                      "cycle", "echo in", "echo behind"));
  EXPECT_THAT(out_,
              HasSubstr("break 1 (cycle == 3): cycle is 3; ends the repeat in round 3 of 5\n"));
  EXPECT_EQ(session_->exit_code(), 0);
}

TEST_F(SessionBreaks, EndsTheScriptsThatTheRepeatHasLoadedToo) {
  const std::string inner = Write("inner.del", "cycle\necho inner\n");
  EXPECT_TRUE(session_->RunFile(
      Write("main.del", "break cycle == 1\nrepeat 3 { load inner.del }\necho behind\n")));
  EXPECT_THAT(Commands(), ElementsAre("break cycle == 1", "repeat 3 { ... }",
                                      testing::StartsWith("load"), "cycle", "echo behind"));
}

TEST_F(SessionBreaks, IsOnlyReportedWhereNoRepeatRuns) {
  EXPECT_TRUE(session_->RunText("break cycle == 1; cycle; cycle", "-c"));
  EXPECT_EQ(simulation_->cycle(), 2u);
  EXPECT_THAT(out_, HasSubstr("break 1 (cycle == 1): cycle is 1\n"));
}

TEST_F(SessionBreaks, GivesThePromptBack) {
  Open({.interactive = true});
  EXPECT_TRUE(session_->FeedLine("break cycle == 1"));
  EXPECT_TRUE(session_->FeedLine("repeat 3 cycle; cycle; cycle"));
  EXPECT_EQ(simulation_->cycle(), 1u);
  EXPECT_THAT(out_,
              HasSubstr("break 1 (cycle == 1): cycle is 1; what was queued after it is dropped\n"));
  EXPECT_TRUE(session_->FeedLine("cycle"));
  EXPECT_EQ(simulation_->cycle(), 2u) << "the next line runs";
}

TEST_F(SessionBreaks, LooksAfterTheStepOfAutonetToo) {
  EXPECT_TRUE(session_->RunText("autonet; break deliver; send 10.0.0.1 10.0.0.2", "-c"));
  EXPECT_THAT(out_, HasSubstr("break 1 (deliver): message 0 from 10.0.0.1 to 10.0.0.2 arrived"));
}

TEST_F(SessionBreaks, IsSaidUnderQuietBecauseALoopEndsEarly) {
  Open({.quiet = true});
  EXPECT_TRUE(session_->RunText("break cycle == 1; repeat 2 cycle", "-c"));
  EXPECT_EQ(out_, "break 1 (cycle == 1): cycle is 1; ends the repeat in round 1 of 2\n");
}

TEST_F(SessionBreaks, ProgramsGetItBesideTheResult) {
  Open({.json = true});
  EXPECT_TRUE(session_->RunText("break cycle == 1; repeat 2 cycle", "-c"));
  EXPECT_THAT(out_,
              HasSubstr(R"("result":{"cycle":1},"breaks":[{"number":1,"condition":"cycle == 1",)"
                        R"("what":"cycle is 1","ends":"repeat"}])"));
  EXPECT_THAT(out_, HasSubstr(R"("result":{"times":2,"rounds":1,"stopped_by":"break","failed":0},)"
                              R"("parts":1)"))
      << "the repeat is answered, with the one part that ran";
}

TEST_F(SessionBreaks, ProgramsAreToldWhichRepeatEndedAndInWhichRound) {
  Open({.json = true});
  const std::string two = Write("two.del", "cycle; cycle\n");
  // A round has four cycles, two of them in a repeat of their own. The seventh is the third of the
  // second round: the first of the script, which ends with the outer repeat.
  EXPECT_TRUE(session_->RunText(
      "break cycle == 7; repeat 3 { repeat 2 cycle; load \"" + two + "\" }", "-c"));
  EXPECT_THAT(out_, HasSubstr(R"("cmd":"repeat 2 cycle","ok":true,"t":0,"cycle":0,"result":)"
                              R"({"times":2,"failed":0},"parts":2)"));
  EXPECT_THAT(out_,
              HasSubstr(R"("result":{"times":3,"rounds":2,"stopped_by":"break","failed":0},)"));
}

TEST_F(SessionBreaks, AnUnknownBreakpointCannotBeDeleted) {
  session_->RunText("break delete 1", "-c");
  EXPECT_EQ(session_->exit_code(), 1);
  EXPECT_THAT(err_, HasSubstr("there is no breakpoint 1"));
}

TEST_F(SessionBreaks, CheckFindsWrongFormsAndUnknownNodes) {
  EXPECT_THAT(Check("break meet 10.0.0.1\n"), ElementsAre(2));
  EXPECT_THAT(Check("break down 10.0.0.9\n"), ElementsAre(1));
  EXPECT_THAT(Check("node add like 10.0.0.1\nbreak down 10.0.0.5\nbreak delete 7\nbreak\n"),
              testing::IsEmpty());
}

TEST_F(SessionBreaks, CompletesHappeningsMetricsAndNodes) {
  EXPECT_THAT(session_->Complete("break d").words,
              ElementsAre("degree", "delete", "deliver", "delivered", "down"));
  EXPECT_THAT(session_->Complete("break meet 10.0.0.1 ").words,
              ElementsAre("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"));
  EXPECT_THAT(session_->Complete("break down 10.0.0.1 ").words, Not(testing::Contains("10.0.0.2")));
}

}  // namespace
}  // namespace delstep
