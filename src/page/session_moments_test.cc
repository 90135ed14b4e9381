#include "page/session_moments.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using Json = nlohmann::json;

class SessionMomentsTest : public SessionTest {
 protected:
  SessionMomentsTest() {
    Open({.keep_going = true});
    host_.emplace(*session_, *simulation_);
    host_->Publish();
    moments_.emplace(*host_, *simulation_,
                     SessionMoments::Notes{.marks = marks_, .flows = flows_, .places = places_},
                     SessionMoments::Kind{});
  }
  void Run(const std::string& commands) { EXPECT_EQ(host_->Run("page", commands).code, 0); }
  /// Per moment on the way to the present one whether somebody was tested in it.
  Json Tested() {
    const auto answer =
        moments_->Answer({.path = "/api/curves", .parameters = {}, .body = {}, .client = {}});
    return Json::parse(answer->body)["metrics"]["test_acc:local"]["tested"];
  }

  EventMarks marks_;
  GroupFlows flows_;
  MomentPlaces places_;
  std::optional<SessionHost> host_;
  std::optional<SessionMoments> moments_;
};

// Whatever the sampler saw when: the test was made in moment 1, between `train` and `flood`.
TEST_F(SessionMomentsTest, ATestBelongsToItsMomentWhenTheSamplerLooksInBetween) {
  moments_->Sample();
  Run("train");
  moments_->Sample();
  Run("test local");
  moments_->Sample();
  Run("flood");
  moments_->Sample();
  EXPECT_EQ(Tested(), Json({0, 1, 0}));
}

TEST_F(SessionMomentsTest, ATestBelongsToItsMomentWhenTheSamplerLooksBeforeAndMuchLater) {
  moments_->Sample();
  Run("train");
  moments_->Sample();
  Run("test local; flood");
  moments_->Sample();
  EXPECT_EQ(Tested(), Json({0, 1, 0}));
}

TEST_F(SessionMomentsTest, ATestBelongsToItsMomentWhenTheSamplerLooksAtTheEndOnly) {
  Run("train; test local; flood");
  moments_->Sample();
  EXPECT_EQ(Tested(), Json({0, 1, 0}));
}

TEST_F(SessionMomentsTest, ATestAfterGoingBackBelongsToTheMomentGoneBackTo) {
  Run("train; flood");
  moments_->Sample();
  Run("undo; test local; nstep");
  moments_->Sample();
  EXPECT_EQ(Tested(), Json({0, 1, 0}));
}

// The nodes of the present branch were taken for those of the moment.
TEST_F(SessionMomentsTest, MessagesOfANodeAreThoseOfTheNodeOfThatMoment) {
  Run("node add 10.0.0.50 like 10.0.0.1; send 10.0.0.50 10.0.0.2");
  const MomentNumber before = session_->history().moments().present().number;
  Run("goto 0; node add 10.0.0.60 like 10.0.0.1");
  const auto of = [&](const char* node) {
    return moments_->Answer({.path = "/api/messages",
                             .parameters = {{"moment", std::to_string(before)}, {"node", node}},
                             .body = {},
                             .client = {}});
  };
  EXPECT_EQ(Json::parse(of("10.0.0.50")->body)["messages"].size(), 1u);
  EXPECT_NE(of("10.0.0.60")->status, 200);
}

}  // namespace
}  // namespace delstep
