#include "console/session/stop.h"

#include <latch>
#include <thread>
#include <utility>

#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using testing::HasSubstr;
using StopTest = SessionTest;

/// Asks for a stop from another thread as soon as the first round has begun. `repeat` itself is a
/// command before it: a stop right behind that one is in no round yet.
class StopperThread {
 public:
  StopperThread(Session& session, ErrorCode code)
      : thread_([this, &session, code] {
          begun_.wait();
          session.RequestStop(code);
        }) {
    session.ObserveCommands([this](const Session::CommandRecord&) {
      if (++commands_ == 2) begun_.count_down();
    });
  }
  ~StopperThread() { thread_.join(); }

 private:
  std::latch begun_{1};
  int commands_ = 0;
  std::thread thread_;
};

// A page's Stop has ended whole programs, with the models of a class.
TEST_F(StopTest, WhatAnotherClientStopsEndsTheScriptAndNotTheSession) {
  Open({});
  bool cancelled = false;
  session_->ObserveCommands([&](const Session::CommandRecord&) {
    if (!std::exchange(cancelled, true)) session_->Cancel();
  });
  EXPECT_TRUE(session_->RunText("cycle; train; group create g", "-c"));
  EXPECT_TRUE(session_->cancelled());
  EXPECT_EQ(session_->exit_code(), 130);
  EXPECT_EQ(simulation_->cycle(), 1u);
  session_->ForgetInterrupt();
  EXPECT_FALSE(session_->cancelled());
  EXPECT_TRUE(session_->RunText("cycle", "-c"));
  EXPECT_EQ(simulation_->cycle(), 2u);
}

TEST_F(StopTest, ASignalIsNotMadeLessByAnotherClient) {
  for (const bool signal_first : {true, false}) {
    Open({});
    if (!signal_first) session_->Cancel();
    session_->RequestStop(ErrorCode::kTerminated);
    if (signal_first) session_->Cancel();
    EXPECT_FALSE(session_->RunText("cycle", "-c"));
    EXPECT_FALSE(session_->cancelled());
    EXPECT_EQ(session_->exit_code(), 143);
  }
}

TEST_F(StopTest, AStopFromAnotherThreadEndsARunWithItsCode) {
  for (const ErrorCode code : {ErrorCode::kInterrupted, ErrorCode::kTerminated}) {
    Open({.keep_going = true});
    const StopperThread stopper(*session_, code);
    EXPECT_FALSE(session_->RunText("repeat 1000000000 { cycle; train }; group create g", "-c"));
    EXPECT_EQ(session_->exit_code(), static_cast<int>(code));
    EXPECT_THAT(err_, testing::ContainsRegex(
                          "stopped in round [0-9]+ of 1000000000; what was queued is dropped"));
    EXPECT_FALSE(simulation_->Group("g"));
  }
}

TEST_F(StopTest, AnInterruptEndsTheCommandsOfALineButNotAConversation) {
  Open({.interactive = true});
  {
    const StopperThread stopper(*session_, ErrorCode::kInterrupted);
    EXPECT_TRUE(session_->FeedLine("repeat 1000000000 { train }"));
  }
  session_->ObserveCommands({});
  session_->ForgetInterrupt();
  EXPECT_TRUE(session_->FeedLine("group create g"));
  EXPECT_TRUE(simulation_->Group("g"));
}

// A Ctrl-C that came when a line had been read, but its first command had not begun, was forgotten, and
// the line ran on.
TEST_F(StopTest, AnInterruptBeforeTheFirstCommandOfALineStopsTheLine) {
  Open({.interactive = true});
  session_->RequestStop(ErrorCode::kInterrupted);
  EXPECT_TRUE(session_->FeedLine("group create g"));
  EXPECT_THAT(err_, HasSubstr("stopped; what was queued is dropped"));
  EXPECT_FALSE(simulation_->Group("g"));
}

}  // namespace
}  // namespace delstep
