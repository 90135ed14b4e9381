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

}  // namespace
}  // namespace delstep
