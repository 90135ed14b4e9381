#include "learning/jobs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "learning/pool_workers.h"

namespace delstep {
namespace {

/// Scratch that counts the jobs it has seen.
struct Counter {
  int jobs = 0;
};

TEST(CountsOfRightAnswers, GoFromNoneToAll) {
  for (const std::int64_t correct : {0, 1, 7}) EXPECT_EQ(WhyNoCount("it", correct, 7), "");
  EXPECT_EQ(WhyNoCount("it", 8, 7), "it says that 8 of 7 examples are right, expected 0 to 7");
  EXPECT_EQ(WhyNoCount("it", -1, 7), "it says that -1 of 7 examples are right, expected 0 to 7");
}

class Jobs : public testing::Test {
 protected:
  /// Runs jobs with the numbers 0, 1, 2, ... on one worker, in this order. The loss of each is how
  /// many jobs its scratch has seen, so 1 says that the scratch is new.
  template <class Run>
  std::vector<TrainResult> ForFour(Run run, std::stop_token stop = {}) {
    std::vector<int> numbers(4);
    std::iota(numbers.begin(), numbers.end(), 0);
    return runner_.ForEach<TrainResult>(std::span<const int>(numbers), stop,
                                        [&](int number, Counter& counter) {
                                          ++counter.jobs;
                                          TrainResult result = run(number);
                                          result.loss = counter.jobs;
                                          return result;
                                        });
  }

  int made_ = 0;
  PoolWorkers workers_{1};
  JobRunner<Counter> runner_{workers_, [this]() -> Result<std::unique_ptr<Counter>> {
                               if (++made_ == 3) return Unavailable("no third one");
                               return std::make_unique<Counter>();
                             }};
};

TEST_F(Jobs, ShareTheScratchOfTheirWorkerAlsoAfterAFailureThatWasReturned) {
  const auto results = ForFour([](int number) {
    return number == 1 ? Failed<TrainResult>(JobFailure::kNotFinite, "bad") : TrainResult();
  });
  EXPECT_EQ(made_, 1);
  EXPECT_EQ(results[1].failure, JobFailure::kNotFinite);
  EXPECT_EQ(results[3].loss, 4);
}

TEST_F(Jobs, DropTheScratchAfterAnException) {
  const auto results = ForFour([](int number) {
    if (number == 1) throw std::runtime_error("the library says no");
    return TrainResult();
  });
  EXPECT_EQ(made_, 2);
  EXPECT_EQ(results[1].failure, JobFailure::kLearner);
  EXPECT_EQ(results[1].error, "the library says no");
  EXPECT_EQ(results[2].failure, JobFailure::kNone);
  EXPECT_EQ(results[2].loss, 1) << "the first job of a new scratch";
  EXPECT_EQ(results[3].loss, 2);
}

TEST_F(Jobs, FailWhereNoScratchCanBeMadeAndTryAgainWithTheNext) {
  const auto results = ForFour([](int number) -> TrainResult {
    if (number < 2) throw std::bad_alloc();
    return {};
  });
  EXPECT_EQ(made_, 4) << "jobs 0, 1, 2 in vain and 3";
  EXPECT_EQ(results[0].error,
            "out of memory; try a smaller training.batch_size or a smaller model");
  EXPECT_EQ(results[2].failure, JobFailure::kLearner);
  EXPECT_EQ(results[2].error, "no third one");
  EXPECT_EQ(results[3].loss, 1);
}

/// The smallest normal number times a half, computed when the program runs.
float HalfOfTheSmallest() {
  volatile float smallest = std::numeric_limits<float>::min();
  return smallest * 0.5f;
}

/// A denormal number times 2^24, which is normal again.
float DenormalMadeLarge() {
  volatile float denormal = std::numeric_limits<float>::denorm_min();
  return denormal * 16'777'216.0f;
}

TEST_F(Jobs, TakeDenormalsForZeroAndNobodyElseDoes) {
  if (!FlushDenormals::kSupported) GTEST_SKIP() << "this processor is left as it is";
  // One worker: jobs run on this thread.
  const auto results = ForFour([](int number) {
    EXPECT_EQ(HalfOfTheSmallest(), 0) << number;
    EXPECT_EQ(DenormalMadeLarge(), 0) << number;
    if (number == 1) throw std::runtime_error("the library says no");
    return TrainResult();
  });
  EXPECT_EQ(results[1].failure, JobFailure::kLearner);
  EXPECT_EQ(HalfOfTheSmallest(), std::ldexp(1.0f, -127));
  EXPECT_EQ(DenormalMadeLarge(), std::ldexp(1.0f, -125));
}

TEST_F(Jobs, ThatHaveNotBegunFailAfterAStop) {
  std::stop_source stop;
  const auto results = ForFour(
      [&](int number) {
        if (number == 1) stop.request_stop();
        return TrainResult();
      },
      stop.get_token());
  EXPECT_EQ(results[1].failure, JobFailure::kNone);
  EXPECT_EQ(results[2].failure, JobFailure::kStopped);
  EXPECT_EQ(results[3].failure, JobFailure::kStopped);
}

}  // namespace
}  // namespace delstep
