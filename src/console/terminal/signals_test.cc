#include "console/terminal/signals.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>

namespace delstep {
namespace {

void Send(const SignalWatch& watch, int signal) {
  kill(getpid(), signal);
  pollfd wait{watch.wake_fd(), POLLIN, 0};
  poll(&wait, 1, -1);  // until the watch has it
}

/// Sends SIGINT and waits to be ended by it.
void SendTheLast() {
  kill(getpid(), SIGINT);
  for (;;) pause();
}

// Death tests, since signals are the whole process's.
class Signals : public testing::Test {
 protected:
  Signals() { testing::FLAGS_gtest_death_test_style = "threadsafe"; }
};

TEST_F(Signals, BeforeThereIsWorkOneEndsTheProgram) {
  EXPECT_EXIT(
      {
        SignalWatch watch;
        SendTheLast();
      },
      testing::ExitedWithCode(130), "");
}

TEST_F(Signals, BetweenTwoPiecesOfWorkOneIsPending) {
  EXPECT_EXIT(
      {
        SignalWatch watch;
        watch.SetStop([](ErrorCode) {});
        Send(watch, SIGINT);
        const bool refused = !watch.BeginWork();
        const auto pending = watch.TakePending();
        std::_Exit(refused && pending == ErrorCode::kInterrupted && watch.BeginWork() ? 7 : 8);
      },
      testing::ExitedWithCode(7), "");
}

/// Sends a signal to the work under way and waits until it was told to stop: as what.
ErrorCode Interrupt(SignalWatch& watch, int signal = SIGINT) {
  kill(getpid(), signal);
  for (;; sched_yield())
    if (const auto stopped = watch.TakeStopped()) return *stopped;
}

TEST_F(Signals, TwoThatStopTheSameWorkEndTheProgram) {
  EXPECT_EXIT(
      {
        SignalWatch watch;
        watch.SetStop([](ErrorCode) {});
        watch.BeginWork();
        Interrupt(watch);
        SendTheLast();
      },
      testing::ExitedWithCode(130), "");
}

TEST_F(Signals, ARequestToEndAfterAnInterruptEndsTheProgram) {
  EXPECT_EXIT(
      {
        SignalWatch watch;
        watch.SetStop([](ErrorCode) {});
        watch.DoNotInsist();
        watch.BeginWork();
        Interrupt(watch);
        Interrupt(watch);  // the program that drives us means the next command
        kill(getpid(), SIGTERM);
        for (;;) pause();
      },
      testing::ExitedWithCode(143), "");
}

TEST_F(Signals, TheOneThatMpirunPassesOnIsARequestToEnd) {
  EXPECT_EXIT(
      {
        SignalWatch watch;
        watch.SetStop([](ErrorCode) {});
        watch.BeginWork();
        std::_Exit(Interrupt(watch, SIGUSR1) == ErrorCode::kTerminated ? 7 : 8);
      },
      testing::ExitedWithCode(7), "");
}

// Slurm sends two of them within milliseconds when a job's time is over, and the second lost the checkpoint.
TEST_F(Signals, NoNumberOfRequestsToEndKeepsTheProgramFromFinishing) {
  EXPECT_EXIT(
      {
        SignalWatch watch;
        watch.SetStop([](ErrorCode) {});
        watch.FinishWhenTerminated();
        watch.BeginWork();
        Interrupt(watch);
        Interrupt(watch, SIGTERM);
        Interrupt(watch, SIGTERM);
        watch.EndWork();
        Send(watch, SIGTERM);
        std::_Exit(watch.TakePending() == ErrorCode::kTerminated ? 7 : 8);
      },
      testing::ExitedWithCode(7), "");
}

// A Ctrl-C at the prompt ended the session, with all its models, when it came soon after one that had
// stopped a command; so did the first one of the next command.
TEST_F(Signals, OneThatStoppedEarlierWorkIsForgotten) {
  EXPECT_EXIT(
      {
        SignalWatch watch;
        watch.SetStop([](ErrorCode) {});
        watch.BeginWork();
        Interrupt(watch);
        watch.EndWork();
        Send(watch, SIGINT);
        const bool at_rest = watch.TakePending() == ErrorCode::kInterrupted;
        watch.BeginWork();
        Interrupt(watch);
        watch.EndWork();
        std::_Exit(at_rest ? 7 : 8);
      },
      testing::ExitedWithCode(7), "");
}

// A Ctrl-C at the prompt whose thread was late, on a busy machine, came to a program that had been
// told `exit` in the meantime, and turned its 0 into 130.
TEST_F(Signals, OneThatComesWhenTheProgramIsEndingChangesNothing) {
  EXPECT_EXIT(
      {
        SignalWatch watch;
        watch.SetStop([](ErrorCode) {});
        watch.SetStop({});
        Send(watch, SIGINT);
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(Signals, ASecondOneEndsEvenAnEndThatHangs) {
  EXPECT_EXIT(
      {
        SignalWatch watch;
        watch.SetStop([](ErrorCode) {});
        watch.SetStop({});
        Send(watch, SIGINT);
        SendTheLast();
      },
      testing::ExitedWithCode(130), "");
}

}  // namespace
}  // namespace delstep
