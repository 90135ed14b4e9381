// Tests that would take long: asked about where somebody is, refused where nobody is. Four nodes with
// 50 examples each hold out 7 each (floor of 15 %), 28 in all.
#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using testing::HasSubstr;

class TestCostTest : public SessionTest {
 protected:
  TestCostTest() { OpenWithSomebody({}); }
  /// `on_wait` is done while the program waits for Enter.
  void OpenWithSomebody(SessionOptions options) {
    session_ = *Session::Create(*simulation_, config_, registry_, options,
                                {.out = [this](std::string_view text) { out_ += text; },
                                 .err = [this](std::string_view text) { err_ += text; },
                                 .wait =
                                     [this](std::string_view text, std::stop_token) {
                                       asked_ += text;
                                       if (stops_) session_->RequestStop(ErrorCode::kInterrupted);
                                       return answer_;
                                     }});
  }

  std::string asked_;
  std::optional<std::string> answer_ = "";
  bool stops_ = false;
};

TEST_F(TestCostTest, AScriptIsRefusedWhatIsBeyondTheLimitAndToldWhatIsCheaper) {
  EXPECT_TRUE(session_->RunText("set test.limit 100; test; train", "-c")) << "one model: 28";
  err_.clear();
  EXPECT_FALSE(session_->RunText("test", "-c"));
  EXPECT_THAT(err_, HasSubstr("4 different models on 28 examples each are 112 in all, more than "
                              "test.limit = 100"));
  // 100 / 4 is 25 a model.
  for (const char* cheaper : {"`sample 25`", "`local`", "`set test.limit 0`"})
    EXPECT_THAT(err_, HasSubstr(cheaper));
  EXPECT_EQ(asked_, "") << "a script waits for nobody";
  // What it names is within the limit, and so is what is known already.
  EXPECT_TRUE(session_->RunText("test sample 25; test local; test 10.0.0.[1-3]; test", "-c"));
  EXPECT_TRUE(session_->RunText("train; set test.limit 0; test", "-c"));
}

TEST_F(TestCostTest, TheLimitItselfIsAllowed) {
  EXPECT_TRUE(session_->RunText("set test.limit 112; train; test", "-c"));
  EXPECT_FALSE(session_->RunText("set test.limit 111; train; test by class", "-c"));
}

TEST_F(TestCostTest, APersonIsAskedAndGoesOn) {
  OpenWithSomebody({.interactive = true});
  session_->FeedLine("set test.limit 100; train; test");
  EXPECT_THAT(asked_, HasSubstr("are 112 in all"));
  EXPECT_TRUE(simulation_->LastScope());
}

// Whoever typed `no` had all tested.
TEST_F(TestCostTest, OnlyEnterYAndYesMeanYes) {
  OpenWithSomebody({.interactive = true});
  const auto tests = [this](std::optional<std::string> answer) {
    answer_ = std::move(answer);
    session_->FeedLine("set test.limit 100; train");  // new models: nothing is known of them
    asked_.clear(), out_.clear();
    session_->FeedLine("test");
    EXPECT_THAT(asked_, HasSubstr("are 112 in all"));
    return out_.find("RESULT") != out_.npos;
  };
  for (const char* no : {"no", "n", "q", "q!", "quit", "nein", "ja", "0"}) {
    EXPECT_FALSE(tests(no)) << no;
    EXPECT_THAT(err_, HasSubstr("stopped: nothing was tested")) << no;
  }
  err_.clear();
  EXPECT_FALSE(tests(std::nullopt)) << "the input has ended: nobody has answered";
  EXPECT_THAT(err_, HasSubstr("more than test.limit = 100"));
  for (const char* yes : {"", "y", " Yes ", "YES"}) EXPECT_TRUE(tests(yes)) << yes;
}

TEST_F(TestCostTest, SaysWhatItTakesWithoutRoundingAndNamesOnlyWhatTheLimitAllows) {
  // The nodes are alike at first, so that `test` is of one model; each has 7 of the 28.
  EXPECT_FALSE(session_->RunText("set test.limit 10; test", "-c"));
  EXPECT_THAT(err_, HasSubstr("1 model on 28 examples is more than test.limit = 10"));
  EXPECT_THAT(err_, HasSubstr("`sample 10`"));
  EXPECT_THAT(err_, testing::Not(HasSubstr("`local`"))) << "4 * 7 are 28 too";
  err_.clear();
  EXPECT_FALSE(session_->RunText("train; set test.limit 3; test local", "-c"));
  EXPECT_THAT(err_, HasSubstr("4 different models, each on what its node has held out, take 28 "
                              "examples in all, more than test.limit = 3"));
  EXPECT_THAT(err_, HasSubstr("hint: `set test.limit 0`")) << "3 / 4 is no example a model";
}

TEST_F(TestCostTest, APersonIsAskedAndStopsIt) {
  OpenWithSomebody({.interactive = true});
  session_->FeedLine("set test.limit 100; train");
  stops_ = true;
  session_->FeedLine("test");
  EXPECT_THAT(asked_, HasSubstr("are 112 in all"));
  EXPECT_THAT(err_, HasSubstr("stopped: nothing was tested"));
  EXPECT_FALSE(simulation_->LastScope());
}

}  // namespace
}  // namespace delstep
