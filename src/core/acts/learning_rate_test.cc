#include "core/acts/learning_rate.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

TrainingOptions Options(const char* schedule) {
  TrainingOptions options;
  options.lr = 0.1;
  options.lr_schedule = schedule;
  return options;
}

TEST(LearningRate, ConstantStays) {
  EXPECT_EQ(LearningRate(Options("constant"), 0), 0.1);
  EXPECT_EQ(LearningRate(Options("constant"), 1'000'000), 0.1);
}

TEST(LearningRate, StepMultipliesAfterEachLrStepTrains) {
  TrainingOptions options = Options("step");
  options.lr_gamma = 0.5;
  options.lr_step = 3;
  EXPECT_EQ(LearningRate(options, 2), 0.1);
  EXPECT_DOUBLE_EQ(LearningRate(options, 3), 0.05);
  EXPECT_DOUBLE_EQ(LearningRate(options, 5), 0.05);
  EXPECT_DOUBLE_EQ(LearningRate(options, 6), 0.025);
}

TEST(LearningRate, ExponentialMultipliesAfterEach) {
  TrainingOptions options = Options("exponential");
  options.lr_gamma = 0.9;
  EXPECT_EQ(LearningRate(options, 0), 0.1);
  EXPECT_DOUBLE_EQ(LearningRate(options, 1), 0.09);
  EXPECT_DOUBLE_EQ(LearningRate(options, 5), 0.1 * 0.59049);
}

TEST(LearningRate, CosineComesDownToTheLeastAndStaysThere) {
  TrainingOptions options = Options("cosine");
  options.lr_min = 0.02;
  options.lr_total = 12;
  EXPECT_DOUBLE_EQ(LearningRate(options, 0), 0.1);
  // cos(pi / 3) = 1 / 2: a quarter of the way; cos(pi / 2) = 0: half of it.
  EXPECT_NEAR(LearningRate(options, 4), 0.02 + 0.08 * 0.75, 1e-16);
  EXPECT_NEAR(LearningRate(options, 6), 0.06, 1e-16);
  EXPECT_NEAR(LearningRate(options, 8), 0.02 + 0.08 * 0.25, 1e-16);
  // cos(pi / 12) = (sqrt(6) + sqrt(2)) / 4.
  EXPECT_NEAR(LearningRate(options, 1), 0.02 + 0.04 * (1 + 0.96592582628906829), 1e-16);
  EXPECT_EQ(LearningRate(options, 12), 0.02);
  EXPECT_EQ(LearningRate(options, 100), 0.02) << "torch's would rise again";
}

TEST(LearningRate, WarmUpRisesLinearlyAndMeetsTheSchedule) {
  TrainingOptions options = Options("constant");
  options.lr_warmup = 4;
  EXPECT_DOUBLE_EQ(LearningRate(options, 0), 0.025);
  EXPECT_DOUBLE_EQ(LearningRate(options, 1), 0.05);
  EXPECT_DOUBLE_EQ(LearningRate(options, 2), 0.075);
  EXPECT_EQ(LearningRate(options, 3), 0.1);
  options.lr_schedule = "exponential";
  options.lr_gamma = 0.5;
  EXPECT_DOUBLE_EQ(LearningRate(options, 1), 0.1 * 0.5 * 0.5);
}

TEST(LearningRate, NeverFallsBelowTheLeast) {
  TrainingOptions options = Options("exponential");
  options.lr_gamma = 0.1;
  options.lr_min = 0.004;
  EXPECT_DOUBLE_EQ(LearningRate(options, 1), 0.01);
  EXPECT_EQ(LearningRate(options, 2), 0.004);
  EXPECT_EQ(LearningRate(options, 1'000'000'000'000), 0.004);
}

}  // namespace
}  // namespace delstep
