#include "apps/delstep/sweep_run.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "apps/delstep/sweep_lock.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

class SweepFolder : public testing::Test {
 protected:
  SweepFolder() { fs::create_directories(folder_); }
  ~SweepFolder() override { fs::remove_all(folder_); }

  SweepRun Run(const std::string& task, const std::string& beginner) const {
    SweepRun run;
    run.name = "seed=1";
    run.folder = folder_ / run.name;
    run.task = task;
    run.beginner = beginner;
    return run;
  }
  static void WriteMetrics(const SweepRun& run, const std::string& text) {
    std::ofstream(run.folder / "metrics.csv") << text;
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / "sweep";
};

TEST_F(SweepFolder, ARunThatAnotherSweepHasBegunAnewIsNotNotedAsDone) {
  const SweepRun first = Run("task", "process 1 on left"),
                 second = Run("task", "process 1 on right");
  ASSERT_TRUE(PrepareFolder(first));
  ASSERT_TRUE(PrepareFolder(second));
  WriteMetrics(second, "run,step\nhalf of it");
  // The process of the first run ends with exit code 0, and what lies there is not what it wrote.
  const auto noted = NoteDone(first);
  ASSERT_FALSE(noted);
  EXPECT_EQ(noted.error().code, ErrorCode::kRefused);
  EXPECT_EQ(StateOf(first), RunState::kBegun);
  ASSERT_TRUE(NoteDone(second));
  EXPECT_EQ(StateOf(first), RunState::kDone);  // whoever has run it
}

TEST_F(SweepFolder, WhatWasAskedToDoSomethingElseIsAnotherRunHoweverItEnded) {
  const SweepRun run = Run("task", "process 1 on left");
  ASSERT_TRUE(PrepareFolder(run));
  EXPECT_EQ(StateOf(Run("other", "process 2 on left")), RunState::kOther);
  EXPECT_EQ(StateOf(Run("task", "process 2 on left")), RunState::kBegun);
  WriteMetrics(run, "run,step\n");
  ASSERT_TRUE(NoteDone(run));
  EXPECT_EQ(StateOf(Run("other", "process 2 on left")), RunState::kOther);
  EXPECT_EQ(StateOf(Run("task", "process 2 on left")), RunState::kDone);
  WriteMetrics(run, "run,st");
  EXPECT_EQ(StateOf(run), RunState::kBegun);
}

TEST_F(SweepFolder, OfAnEarlierVersionIsNotTakenForOneWithOtherCommands) {
  const SweepRun run = Run("0123456789abcdef", "process 1 on left");
  fs::create_directories(run.folder);
  WriteMetrics(run, "run,step\n");
  for (const char* state :
       {"0123456789abcdef begun\n", "0123456789abcdef begun by process 1 on left\n",
        "0123456789abcdef done 0123456789abcdef\n"}) {
    std::ofstream(run.folder / "sweep.state") << state;
    EXPECT_EQ(StateOf(run), RunState::kEarlier) << state;
  }
  ASSERT_TRUE(MarkAsBegun(run));  // with --again
  EXPECT_EQ(StateOf(run), RunState::kBegun);
}

TEST_F(SweepFolder, IsHeldByOneSweepAtATime) {
  const fs::path folder = folder_ / "not/there/yet";
  {
    const auto first = SweepLock::Take(folder);
    ASSERT_TRUE(first) << first.error().message;
    const auto second = SweepLock::Take(folder);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::kRefused);
    EXPECT_NE(second.error().message.find(folder.string()), std::string::npos);
    EXPECT_NE(second.error().message.find(SweepLock::Holder()), std::string::npos);
    EXPECT_TRUE(fs::exists(folder / "sweep.lock"));  // the refused one has not taken it away
  }
  EXPECT_TRUE(fs::is_empty(folder));
  // What a sweep that was killed has left behind holds nobody up.
  std::ofstream(folder / "sweep.lock") << "process 1 on nowhere";
  EXPECT_TRUE(SweepLock::Take(folder));
}

}  // namespace
}  // namespace delstep
