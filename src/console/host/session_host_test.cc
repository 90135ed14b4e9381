#include "console/host/session_host.h"

#include <gmock/gmock.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

class SessionHostTest : public SessionTest {
 protected:
  SessionHostTest() {
    Open({.interactive = true, .keep_going = true});
    host_.emplace(*session_, *simulation_);
  }
  std::optional<SessionHost> host_;
};

/// Lets a thread wait for another without looking at a clock.
class Gate {
 public:
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

TEST_F(SessionHostTest, AClientGetsItsAnswersAsObjectsAndTheOwnerHearsNothing) {
  const auto answers = host_->Run("page 1", "cycle; cycle");
  ASSERT_EQ(answers.objects.size(), 2U);
  EXPECT_EQ(json::parse(answers.objects[0])["cmd"], "cycle");
  EXPECT_EQ(json::parse(answers.objects[1])["result"]["cycle"], 2);
  EXPECT_EQ(answers.code, 0);
  EXPECT_FALSE(answers.exits);
  EXPECT_THAT(out_, IsEmpty());
  EXPECT_THAT(err_, IsEmpty());
}

TEST_F(SessionHostTest, AnErrorEndsARequestAndNothingElse) {
  const auto answers = host_->Run("page 1", "train 10.0.0.99; cycle");
  ASSERT_EQ(answers.objects.size(), 1U);
  EXPECT_EQ(json::parse(answers.objects[0])["error"]["code"], 1);
  EXPECT_EQ(answers.code, 1);
  EXPECT_EQ(session_->exit_code(), 0);
  EXPECT_EQ(host_->Run("page 1", "repeat 2 {").code, 2);  // it would wait for the rest
  EXPECT_EQ(host_->Run("page 1", "cycle").code, 0);
}

TEST_F(SessionHostTest, ExitOfAClientIsTold) { EXPECT_TRUE(host_->Run("page 1", "exit").exits); }

TEST_F(SessionHostTest, ObserversHearWhoHasAsked) {
  std::vector<std::string> heard;
  host_->ObserveResults([&](std::string_view client, const CommandResult& result) {
    heard.push_back(std::string(client) + ": " + result.command);
  });
  host_->Run("page 1", "cycle");
  host_->Work("terminal", [&] { session_->FeedLine("train 10.0.0.1"); });
  EXPECT_THAT(heard, ElementsAre("page 1: cycle", "terminal: train 10.0.0.1"));
}

TEST_F(SessionHostTest, OneAtATimeInTheOrderOfAsking) {
  Gate begun, end;
  std::thread first([&] {
    host_->Work("terminal", [&] {
      begun.Open();
      end.Wait();
      session_->FeedLine("cycle");
    });
  });
  begun.Wait();
  EXPECT_FALSE(host_->TryWork("page 1", [] { ADD_FAILURE() << "somebody else is at work"; }));
  EXPECT_EQ(host_->BusyNow()->client, "terminal");
  SessionHost::Answers answers;
  std::thread second([&] { answers = host_->Run("page 1", "status"); });
  end.Open();
  first.join();
  second.join();
  EXPECT_EQ(json::parse(answers.objects.at(0))["result"]["cycle"], 1);  // after the terminal's
  EXPECT_FALSE(host_->BusyNow());
  EXPECT_TRUE(host_->TryWork("page 1", [] {}));
}

TEST_F(SessionHostTest, ASessionInTheHandIsAloneAndNothingNewUnlessItIsSo) {
  host_->Work("terminal", [&] { host_->Publish(); });
  const auto number = host_->Latest()->number;
  auto hold = host_->TryHold("python");
  ASSERT_NE(hold, nullptr);
  EXPECT_EQ(host_->BusyNow()->client, "python");
  EXPECT_EQ(host_->TryHold("page 1"), nullptr);
  EXPECT_FALSE(host_->TryWork("page 1", [] { ADD_FAILURE() << "somebody else is at work"; }));
  hold.reset();
  EXPECT_EQ(host_->Latest()->number, number);  // it only looked
  host_->WaitForOthers(std::chrono::milliseconds(0));
  hold = host_->TryHold("python");
  hold->Change();
  hold.reset();
  host_->CatchUp();  // nothing to do, where more than a tenth of a second has gone by
  EXPECT_EQ(host_->Latest()->number, number + 1);
  host_->CatchUp();
  EXPECT_EQ(host_->Latest()->number, number + 1);
}

TEST_F(SessionHostTest, AnExitCanBeForgotten) {
  EXPECT_TRUE(host_->Run("page 1", "exit").exits);
  session_->ForgetExit();
  EXPECT_FALSE(host_->Run("page 1", "cycle").exits);
}

TEST_F(SessionHostTest, ACancelStopsWhatRunsAndNotWhatComesAfter) {
  EXPECT_FALSE(host_->Cancel());
  Gate begun;
  host_->ObserveResults([&](std::string_view, const CommandResult&) { begun.Open(); });
  SessionHost::Answers answers;
  std::thread page([&] { answers = host_->Run("page 1", "repeat 1000000000 cycle"); });
  begun.Wait();
  EXPECT_TRUE(host_->Cancel());
  page.join();
  EXPECT_EQ(answers.code, 130);
  EXPECT_EQ(host_->Run("page 1", "status").code, 0);
}

// A line that waited at the prompt, or by a pipe, was thrown away with what a page had stopped.
TEST_F(SessionHostTest, ACancelOfAPageDoesNotStopTheNextLineOfTheOwner) {
  for (const bool interactive : {true, false}) {
    host_.reset();
    Open({.interactive = interactive});
    host_.emplace(*session_, *simulation_);
    host_->ObserveResults([&](std::string_view, const CommandResult&) { host_->Cancel(); });
    EXPECT_EQ(host_->Run("page 1", "repeat 1000000000 cycle").code, 130);
    host_->Work("terminal", [&] {
      EXPECT_FALSE(session_->cancelled());
      EXPECT_TRUE(session_->FeedLine("group create g; group create h"));
    });
    EXPECT_TRUE(simulation_->Group("g")) << interactive;
  }
}

TEST_F(SessionHostTest, WhatThereIsToLookAtFollowsTheCommands) {
  EXPECT_EQ(host_->Latest(), nullptr);
  host_->Work("terminal", [&] { host_->Publish(); });
  const auto before = host_->Latest();
  EXPECT_EQ(before->moments->present().number, 0U);
  host_->Run("page 1", "cycle; train");
  const auto after = host_->Latest();
  EXPECT_EQ(after->moments->present().number, 2U);
  EXPECT_EQ(after->kept->size(), 3U);
  EXPECT_EQ(after->snapshot.cycle(), 1U);
  EXPECT_EQ(before->moments->present().number, 0U);  // what one has does not change
  EXPECT_EQ(before->snapshot.cycle(), 0U);
  EXPECT_EQ(after->prompt, session_->Prompt());
}

}  // namespace
}  // namespace delstep
