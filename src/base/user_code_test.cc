#include "base/user_code.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <thread>

namespace delstep {
namespace {

// Sanitizers answer a crash with a report of their own and another exit status.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DELSTEP_SANITIZED
#elif defined(__has_feature)  // clang's way to tell
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define DELSTEP_SANITIZED
#endif
#endif
#ifndef DELSTEP_SANITIZED

const std::string kFile = "mine.cpp";

TEST(UserCodeDeathTest, NamesTheFileAndWhatItDidAndEndsAsBefore) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const UserCode running(kFile, "forward()");
        volatile int* nowhere = nullptr;
        *nowhere = 1;
      },
      testing::KilledBySignal(SIGSEGV),
      "delstep: the code in mine.cpp crashed .SIGSEGV, a wrong address. in forward..\n");
  EXPECT_EXIT(
      {
        const UserCode outer(kFile, "train");
        const UserCode inner(kFile, "Loss()");
        abort();
      },
      testing::KilledBySignal(SIGABRT), "crashed .SIGABRT, such as a failed assert. in Loss..");
}

TEST(UserCodeDeathTest, NamesNobodyOutsideOfUserCode) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        { const UserCode running(kFile, "forward()"); }
        raise(SIGSEGV);
      },
      testing::KilledBySignal(SIGSEGV), "^$");
  // The thread that crashes counts, not the one that runs code of the user.
  EXPECT_EXIT(
      {
        const UserCode running(kFile, "forward()");
        std::thread([] { raise(SIGFPE); }).join();
      },
      testing::KilledBySignal(SIGFPE), "^$");
}

// A rule that called exit(7) ended the session with 7 and without a word; exit(0) would have been
// taken for success.
TEST(UserCodeDeathTest, NamesTheFileThatCallsExitAndEndsWithNoCodeOfTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const UserCode running(kFile, "DoMerge()");
        exit(0);
      },
      testing::KilledBySignal(SIGABRT),
      "^delstep: the code in mine.cpp called exit.. in DoMerge.., which ends the program; throw an "
      "exception instead\n$");
  EXPECT_EXIT(
      {
        const UserCode running(kFile, "DoMerge()");
        quick_exit(3);
      },
      testing::KilledBySignal(SIGABRT), "^delstep: the code in mine.cpp called exit");
  EXPECT_EXIT(
      {
        { const UserCode running(kFile, "DoMerge()"); }
        exit(3);
      },
      testing::ExitedWithCode(3), "^$");
}

int Deeper(int depth) {
  volatile char room[4096];
  room[0] = static_cast<char>(depth);
  return depth == -1 ? 0 : Deeper(depth + 1) + room[0];
}

TEST(UserCodeDeathTest, TellsOfEndlessRecursion) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const UserCode running(kFile, "forward()");
        exit(Deeper(0));
      },
      testing::KilledBySignal(SIGSEGV), "the code in mine.cpp crashed");
}

#endif

}  // namespace
}  // namespace delstep
