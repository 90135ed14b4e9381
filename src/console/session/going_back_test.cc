// Commands given again after going back, which went by something that is no part of the world: they may do
// something else this time, and the program must not take that for its own fault.
#include "tests/fakes/one_way_network.h"
#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class GoingBack : public SessionTest {
 protected:
  /// Without an error.
  void Run(const std::string& commands) {
    EXPECT_TRUE(session_->RunText(commands, "-c"));
    EXPECT_THAT(err_, IsEmpty());
  }
  std::uint64_t hash() const { return simulation_->WorldHash(); }
  const std::string& branch() const { return session_->history().moments().branch().name; }
  MomentNumber present() const { return session_->history().moments().present().number; }
};

TEST_F(GoingBack, ABreakpointThatCameOrWentIsNoFault) {
  Run("set behaviour.name gossip; set behaviour.period 1s; run 5s");
  const std::uint64_t whole = hash();
  Run("undo; break train 10.0.0.1; run 5s");
  ASSERT_NE(hash(), whole) << "the breakpoint has ended it";
  EXPECT_EQ(branch(), "main-2");
  Run("undo; break delete 1; run 5s");
  EXPECT_EQ(hash(), whole);
  EXPECT_EQ(branch(), "main-3");
  Run("undo; run 5s");
  EXPECT_EQ(branch(), "main-3") << "nothing is different: the recorded moment";
}

// The first moment was made before the models of the cycle's beginning were kept.
TEST_F(GoingBack, HowTheFirstCycleBeganIsKnownAgainAtTheFirstMoment) {
  const auto before = simulation_->Mixing().consensus_before;
  ASSERT_TRUE(before);
  for (const char* back : {"undo", "goto 0", "reset"}) {
    Run(std::string("train; ") + back);
    ASSERT_EQ(present(), 0u);
    EXPECT_EQ(simulation_->Mixing().consensus_before, before) << back;
  }
}

TEST_F(GoingBack, ATestThatWasMadeSinceIsNoFault) {
  // Without a test there is no value, so the condition does not hold; with one it holds at once.
  const std::string until = "run until test_acc:global(mean) >= 0 for 3s";
  Run("set behaviour.name gossip; set behaviour.period 1s; " + until);
  ASSERT_GT(simulation_->now(), SimTime());
  Run("undo; test global; " + until);
  EXPECT_EQ(simulation_->now(), SimTime());
  EXPECT_EQ(branch(), "main-2");
}

TEST_F(GoingBack, APlannedImportOfAFileThatHasChangedIsNoFault) {
  const std::string file = (folder_ / "m.npz").string();
  Run("train 10.0.0.1; export 10.0.0.1 " + file + "; at 1s { import all " + file + " }; run 2s");
  const std::uint64_t before = hash();
  std::filesystem::remove(file);
  Run("undo; export 10.0.0.2 " + file + "; run 2s");
  EXPECT_NE(hash(), before) << "all nodes have another model";
  EXPECT_EQ(branch(), "main-2");
}

// The numbers are counted by hand. At moment 5 message 0 is gone, and that of moment 2 is found; later
// branch y has another message 0, in moment 9.
TEST_F(GoingBack, AMessageOfAnotherMomentIsNoFault) {
  Run("train; flood; nstep; ag; goto 0; branch x; lrate 0.5; resend 0");
  ASSERT_EQ(present(), 6u);
  Run("goto 0; branch y; train; train; flood; goto 5; resend 0");
}

// The name of the file is the same, and so are the words: what it holds makes another command of them.
TEST_F(GoingBack, ATableThatHasChangedMakesAnotherCommand) {
  const auto write = [&](int ms) {
    return Write("c.csv", "10.0.0.1," + std::to_string(ms) + "\n");
  };
  const std::string set = "set compute.file " + write(1);
  Run(set + "; train; undo 2; " + set + "; train");
  EXPECT_EQ(present(), 2u) << "the same file";
  const std::uint64_t fast = hash();
  write(2);
  Run("undo 2; " + set + "; train");
  EXPECT_EQ(branch(), "main-2");
  EXPECT_NE(hash(), fast);
  std::filesystem::remove(folder_ / "c.csv");
  Run("goto 1; train");
  EXPECT_EQ(hash(), fast) << "with the speeds of then";
}

TEST_F(GoingBack, TestsOfAMomentAreThereAfterItsCommandIsGivenAgain) {
  Run("train; test global; mark m; undo; train; expect test_acc:global(mean) >= 0; goto m");
  Run("expect test_acc:global(mean) >= 0");
}

// Elsewhere it would have been taken back.
TEST_F(GoingBack, WhatIsLeftOfACommandInWhichOwnCodeHasFailedIsSaidWhereOneCannotGoBack) {
  session_.reset();
  fakes::AddOneWayNetwork(registry_);
  ASSERT_TRUE(config_.Set("network.backend", "one-way", {}));
  simulation_ = *Simulation::Create(config_.scenario(), registry_);
  session_ = *Session::Create(*simulation_, config_, registry_, {},
                              {.out = [](std::string_view) {},
                               .err = [this](std::string_view text) { err_ += text; },
                               .own_code_failed = [] { return true; }});
  EXPECT_FALSE(session_->RunText("at 1s { train }; at 2s { expect cycle > 7 }; run 3s", "-c"));
  EXPECT_THAT(err_, HasSubstr("what the command has done until then stays: the network 'one-way'"));
  EXPECT_EQ(simulation_->now().time_since_epoch(), std::chrono::seconds(2));
  EXPECT_EQ(present(), 3u) << "one each for two `at` and `run`";
}

}  // namespace
}  // namespace delstep
