#include "math/optimizers.h"

#include <gtest/gtest.h>

#include <array>

namespace delstep {
namespace {

// Two parameters, whose numbers optimizer_oracle.py computes in double.
constexpr float kGradients[3][2] = {{0.1f, -0.2f}, {0.3f, 0.05f}, {-0.4f, 0.0f}};

struct Fixture {
  explicit Fixture(UpdateRule chosen, const Kernels& chosen_kernels = PortableKernels())
      : rule(chosen), kernels(chosen_kernels) {}
  void Step(const TrainOptions& options, int step) {
    Update(kernels, rule, options, step + 1,
           {.size = weights.size(),
            .gradient = kGradients[step],
            .weights = weights.data(),
            .moments = {moments[0].data(), moments[1].data()}});
  }

  UpdateRule rule;
  const Kernels& kernels;
  std::array<float, 2> weights = {0.5f, -0.25f};
  std::array<float, 2> moments[2] = {};
};

TEST(Optimizers, AdamTakesTheThreeStepsOfTheOracle) {
  constexpr double kExpected[3][2] = {{0.4900000006666666, -0.24000000044444442},
                                      {0.4805180578399635, -0.23419838477910013},
                                      {0.47948581794048967, -0.22907987230395022}};
  for (const Kernels* kernels : RunnableKernels()) {
    Fixture f(UpdateRule::kAdam, *kernels);
    for (int step = 0; step < 3; ++step) {
      f.Step({.learning_rate = 0.01, .weight_decay = 0.1}, step);
      EXPECT_NEAR(f.weights[0], kExpected[step][0], 1e-7) << kernels->name << step;
      EXPECT_NEAR(f.weights[1], kExpected[step][1], 1e-7) << kernels->name << step;
    }
    EXPECT_NEAR(f.moments[0][0], 0.00836518058439964, 1e-8) << "the mean of gradients";
    EXPECT_NEAR(f.moments[0][1], -0.018226983851791004, 1e-8);
    EXPECT_NEAR(f.moments[1][0], 0.0002680017529583926, 1e-10) << "the mean of their squares";
    EXPECT_NEAR(f.moments[1][1], 5.17476134570226e-05, 1e-11);
  }
}

TEST(Optimizers, AdamwTakesTheThreeStepsOfTheOracle) {
  constexpr double kExpected[3][2] = {{0.4895000009999999, -0.23975000049999998},
                                      {0.479832690219559, -0.23481556910954468},
                                      {0.4799668675026686, -0.2309517512753876}};
  for (const Kernels* kernels : RunnableKernels()) {
    Fixture f(UpdateRule::kAdamw, *kernels);
    for (int step = 0; step < 3; ++step) {
      f.Step({.learning_rate = 0.01, .weight_decay = 0.1}, step);
      EXPECT_NEAR(f.weights[0], kExpected[step][0], 1e-7) << kernels->name << step;
      EXPECT_NEAR(f.weights[1], kExpected[step][1], 1e-7) << kernels->name << step;
    }
    EXPECT_NEAR(f.moments[0][0], -0.0049, 1e-8) << "the decay is not in the mean of gradients";
    EXPECT_NEAR(f.moments[1][0], 0.00025989001, 1e-10) << "nor in that of their squares";
  }
}

TEST(Optimizers, AdamwWithoutDecayIsAdam) {
  Fixture adam(UpdateRule::kAdam), adamw(UpdateRule::kAdamw);
  for (int step = 0; step < 3; ++step) {
    adam.Step({.learning_rate = 0.01}, step);
    adamw.Step({.learning_rate = 0.01}, step);
  }
  EXPECT_EQ(adam.weights, adamw.weights);
  TrainingOptions options;
  options.optimizer = "adamw";
  EXPECT_EQ(*ChooseRule(options), UpdateRule::kAdamw);
  EXPECT_EQ(MomentsOf(UpdateRule::kAdamw), MomentsOf(UpdateRule::kAdam));
}

TEST(Optimizers, SgdWithMomentumTakesTheThreeStepsOfTheOracle) {
  constexpr double kExpected[3][2] = {
      {0.4985, -0.24775}, {0.4936515, -0.24597725}, {0.4927941985, -0.24413579775}};
  for (const Kernels* kernels : RunnableKernels()) {
    Fixture f(UpdateRule::kSgdMomentum, *kernels);
    for (int step = 0; step < 3; ++step) {
      f.Step({.learning_rate = 0.01, .momentum = 0.9, .weight_decay = 0.1}, step);
      EXPECT_NEAR(f.weights[0], kExpected[step][0], 1e-7) << kernels->name << step;
      EXPECT_NEAR(f.weights[1], kExpected[step][1], 1e-7) << kernels->name << step;
    }
    EXPECT_NEAR(f.moments[0][0], 0.08573015, 1e-7);
    EXPECT_NEAR(f.moments[0][1], -0.184145225, 1e-7);
  }
}

TEST(Optimizers, RmspropTakesTheThreeStepsOfTheOracle) {
  constexpr double kExpected[3][2] = {{0.40000006666662224, -0.15000004444442472},
                                      {0.30843368800027543, -0.1654463281119492},
                                      {0.3791158788097624, -0.15812770578725502}};
  for (const Kernels* kernels : RunnableKernels()) {
    Fixture f(UpdateRule::kRmsprop, *kernels);
    for (int step = 0; step < 3; ++step) {
      f.Step({.learning_rate = 0.01, .weight_decay = 0.1}, step);
      EXPECT_NEAR(f.weights[0], kExpected[step][0], 1e-6) << kernels->name << step;
      EXPECT_NEAR(f.weights[1], kExpected[step][1], 1e-6) << kernels->name << step;
    }
    EXPECT_NEAR(f.moments[0][0], 0.0027277287284690954, 1e-9);
    EXPECT_NEAR(f.moments[0][1], 0.0005110403706685743, 1e-10);
  }
}

TEST(Optimizers, RmspropWithMomentumTakesTheThreeStepsOfTheOracle) {
  constexpr double kExpected[3][2] = {{0.40000006666662224, -0.15000004444442472},
                                      {0.21843374800023543, -0.07544636811193146},
                                      {0.12655299389149388, -0.00500353997567872}};
  for (const Kernels* kernels : RunnableKernels()) {
    Fixture f(UpdateRule::kRmspropMomentum, *kernels);
    for (int step = 0; step < 3; ++step) {
      f.Step({.learning_rate = 0.01, .momentum = 0.9, .weight_decay = 0.1}, step);
      EXPECT_NEAR(f.weights[0], kExpected[step][0], 1e-6) << kernels->name << step;
      EXPECT_NEAR(f.weights[1], kExpected[step][1], 1e-6) << kernels->name << step;
    }
    EXPECT_NEAR(f.moments[0][0], 0.0027949868767063258, 1e-9) << "the mean of squares";
    EXPECT_NEAR(f.moments[1][0], 9.188075410874156, 1e-5) << "the velocity";
  }
}

TEST(Optimizers, PlainSgdSubtractsTheRateTimesTheGradient) {
  Fixture f(UpdateRule::kSgd);
  f.Step({.learning_rate = 0.5, .weight_decay = 0.1}, 0);
  EXPECT_NEAR(f.weights[0], 0.5 - 0.5 * (0.1 + 0.1 * 0.5), 1e-7);
  EXPECT_NEAR(f.weights[1], -0.25 - 0.5 * (-0.2 + 0.1 * -0.25), 1e-7);
  EXPECT_EQ(f.moments[0][0], 0);
}

TEST(Optimizers, MomentumSwitchedOffForAWhileLeavesTheVelocityAlone) {
  Fixture f(UpdateRule::kSgdMomentum);
  f.Step({.learning_rate = 0.01, .momentum = 0.9}, 0);
  f.Step({.learning_rate = 0.01, .momentum = 0}, 1);
  EXPECT_EQ(f.moments[0][0], 0.1f);
}

TEST(Optimizers, ClippingScalesALongerGradientDownAndLeavesAShorterOneAlone) {
  for (const Kernels* kernels : RunnableKernels()) {
    std::vector<float> gradient = {3, 0, -4};  // of norm 5
    ClipToNorm(*kernels, 5.1, 3, gradient.data());
    EXPECT_EQ(gradient, (std::vector<float>{3, 0, -4}));
    ClipToNorm(*kernels, 1, 3, gradient.data());
    EXPECT_NEAR(gradient[0], 3 / 5.000001, 1e-7);
    EXPECT_NEAR(gradient[2], -4 / 5.000001, 1e-7);
  }
}

TEST(Optimizers, AreChosenByNameAndKeepAVelocityOnlyWhereMomentumIsAskedFor) {
  const auto choose = [](const char* name, double momentum) {
    TrainingOptions options;
    options.optimizer = name;
    options.momentum = momentum;
    return ChooseRule(options);
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(MomentsOf(*choose("sgd", 0)), Names());
  EXPECT_EQ(MomentsOf(*choose("sgd", 0.9)), Names{".momentum_buffer"});
  EXPECT_EQ(MomentsOf(*choose("adam", 0.9)), (Names{".exp_avg", ".exp_avg_sq"}));
  EXPECT_EQ(MomentsOf(*choose("rmsprop", 0)), Names{".square_avg"});
  EXPECT_EQ(MomentsOf(*choose("rmsprop", 0.9)), (Names{".square_avg", ".momentum_buffer"}));
  EXPECT_FALSE(AllowsMomentum(*choose("sgd", 0)));
  EXPECT_TRUE(AllowsMomentum(*choose("adam", 0))) << "where it is of no meaning";
  EXPECT_TRUE(CountsSteps(*choose("adam", 0)));
  EXPECT_FALSE(CountsSteps(*choose("rmsprop", 0.9)));
  const auto unknown = choose("lion", 0);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().message, "no training.optimizer named 'lion'");
}

}  // namespace
}  // namespace delstep
