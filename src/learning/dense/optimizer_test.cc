#include "learning/dense/optimizer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <optional>

namespace delstep {
namespace {

// One input and one class: a weight and a bias, whose numbers optimizer_oracle.py computes in
// double.
const Perceptron kPerceptron(1, {}, 1);
const std::size_t kWeight = kPerceptron.layers[0].weights, kBias = kPerceptron.layers[0].bias;
constexpr float kGradients[3][2] = {{0.1f, -0.2f}, {0.3f, 0.05f}, {-0.4f, 0.0f}};

struct Fixture {
  explicit Fixture(OptimizerKind kind, const Kernels& kernels = PortableKernels())
      : weights(kPerceptron.floats), gradient(kPerceptron.floats) {
    AppendState(kind, kPerceptron, layout);
    state = AlignedFloats(layout.floats);
    optimizer.emplace(kind, kPerceptron, kernels, layout);
    optimizer->Load(row());
    weights.data()[kWeight] = 0.5f;
    weights.data()[kBias] = -0.25f;
  }
  std::span<float> row() { return {state.data(), state.size()}; }
  void Step(const TrainOptions& options, int step) {
    gradient.data()[kWeight] = kGradients[step][0];
    gradient.data()[kBias] = kGradients[step][1];
    optimizer->Step(options, gradient.data(), weights.data());
  }
  float weight() const { return weights.data()[kWeight]; }
  float bias() const { return weights.data()[kBias]; }

  RowLayout layout;
  AlignedFloats weights, gradient, state;
  std::optional<BlockOptimizer> optimizer;
};

TEST(BlockOptimizer, AdamTakesTheThreeStepsOfTheOracle) {
  constexpr double kExpected[3][2] = {{0.4900000006666666, -0.24000000044444442},
                                      {0.4805180578399635, -0.23419838477910013},
                                      {0.47948581794048967, -0.22907987230395022}};
  for (const Kernels* kernels : RunnableKernels()) {
    Fixture f(OptimizerKind::kAdam, *kernels);
    for (int step = 0; step < 3; ++step) {
      f.Step({.learning_rate = 0.01, .weight_decay = 0.1}, step);
      EXPECT_NEAR(f.weight(), kExpected[step][0], 1e-7) << kernels->name << step;
      EXPECT_NEAR(f.bias(), kExpected[step][1], 1e-7) << kernels->name << step;
    }
    f.optimizer->Store(f.row());
    const auto at = [&](int tensor) {
      return f.row()[f.layout.tensors[static_cast<std::size_t>(tensor)].offset];
    };
    EXPECT_NEAR(at(0), 0.00836518058439964, 1e-8) << "exp_avg of the weight";
    EXPECT_NEAR(at(1), -0.018226983851791004, 1e-8);
    EXPECT_NEAR(at(2), 0.0002680017529583926, 1e-10) << "exp_avg_sq of the weight";
    EXPECT_NEAR(at(3), 5.17476134570226e-05, 1e-11);
  }
}

TEST(BlockOptimizer, AdamKeepsItsStepCountAsARawIntegerInTheStateRow) {
  Fixture f(OptimizerKind::kAdam);
  ASSERT_EQ(f.layout.tensors.back().name, "step");
  ASSERT_EQ(f.layout.tensors.back().role, TensorSpec::Role::kRaw);
  for (int step = 0; step < 3; ++step) f.Step({}, step);
  f.optimizer->Store(f.row());
  std::int64_t steps = 0;
  std::memcpy(&steps, &f.row()[f.layout.tensors.back().offset], sizeof steps);
  EXPECT_EQ(steps, 3);
}

TEST(BlockOptimizer, AdamContinuesFromTheStateRowAsIfItHadNeverStopped) {
  Fixture whole(OptimizerKind::kAdam), first(OptimizerKind::kAdam), second(OptimizerKind::kAdam);
  for (int step = 0; step < 3; ++step) whole.Step({}, step);
  first.Step({}, 0);
  first.optimizer->Store(first.row());
  second.optimizer->Load(first.row());
  second.weights = std::move(first.weights);
  for (int step = 1; step < 3; ++step) second.Step({}, step);
  EXPECT_EQ(second.weight(), whole.weight());
  EXPECT_EQ(second.bias(), whole.bias());
}

TEST(BlockOptimizer, SgdWithMomentumTakesTheThreeStepsOfTheOracle) {
  constexpr double kExpected[3][2] = {
      {0.4985, -0.24775}, {0.4936515, -0.24597725}, {0.4927941985, -0.24413579775}};
  for (const Kernels* kernels : RunnableKernels()) {
    Fixture f(OptimizerKind::kSgdMomentum, *kernels);
    for (int step = 0; step < 3; ++step) {
      f.Step({.learning_rate = 0.01, .momentum = 0.9, .weight_decay = 0.1}, step);
      EXPECT_NEAR(f.weight(), kExpected[step][0], 1e-7) << kernels->name << step;
      EXPECT_NEAR(f.bias(), kExpected[step][1], 1e-7) << kernels->name << step;
    }
    f.optimizer->Store(f.row());
    EXPECT_NEAR(f.row()[f.layout.tensors[0].offset], 0.08573015, 1e-7);
    EXPECT_NEAR(f.row()[f.layout.tensors[1].offset], -0.184145225, 1e-7);
  }
}

TEST(BlockOptimizer, RmspropTakesTheThreeStepsOfTheOracle) {
  constexpr double kExpected[3][2] = {{0.40000006666662224, -0.15000004444442472},
                                      {0.30843368800027543, -0.1654463281119492},
                                      {0.3791158788097624, -0.15812770578725502}};
  for (const Kernels* kernels : RunnableKernels()) {
    Fixture f(OptimizerKind::kRmsprop, *kernels);
    for (int step = 0; step < 3; ++step) {
      f.Step({.learning_rate = 0.01, .weight_decay = 0.1}, step);
      EXPECT_NEAR(f.weight(), kExpected[step][0], 1e-6) << kernels->name << step;
      EXPECT_NEAR(f.bias(), kExpected[step][1], 1e-6) << kernels->name << step;
    }
    f.optimizer->Store(f.row());
    EXPECT_NEAR(f.row()[f.layout.tensors[0].offset], 0.0027277287284690954, 1e-9);
    EXPECT_NEAR(f.row()[f.layout.tensors[1].offset], 0.0005110403706685743, 1e-10);
  }
}

TEST(BlockOptimizer, RmspropWithMomentumTakesTheThreeStepsOfTheOracle) {
  constexpr double kExpected[3][2] = {{0.40000006666662224, -0.15000004444442472},
                                      {0.21843374800023543, -0.07544636811193146},
                                      {0.12655299389149388, -0.00500353997567872}};
  for (const Kernels* kernels : RunnableKernels()) {
    Fixture f(OptimizerKind::kRmspropMomentum, *kernels);
    for (int step = 0; step < 3; ++step) {
      f.Step({.learning_rate = 0.01, .momentum = 0.9, .weight_decay = 0.1}, step);
      EXPECT_NEAR(f.weight(), kExpected[step][0], 1e-6) << kernels->name << step;
      EXPECT_NEAR(f.bias(), kExpected[step][1], 1e-6) << kernels->name << step;
    }
    f.optimizer->Store(f.row());
    EXPECT_NEAR(f.row()[f.layout.tensors[0].offset], 0.0027949868767063258, 1e-9);
    EXPECT_NEAR(f.row()[f.layout.tensors[2].offset], 9.188075410874156, 1e-5);
  }
}

TEST(ClipNorm, ScalesALongerGradientDownAndLeavesAShorterOneAlone) {
  for (const Kernels* kernels : RunnableKernels()) {
    std::vector<float> gradient = {3, 0, -4};  // of norm 5
    ClipNorm(*kernels, 5.1, 3, gradient.data());
    EXPECT_EQ(gradient, (std::vector<float>{3, 0, -4}));
    ClipNorm(*kernels, 1, 3, gradient.data());
    EXPECT_NEAR(gradient[0], 3 / 5.000001, 1e-7);
    EXPECT_NEAR(gradient[2], -4 / 5.000001, 1e-7);
  }
}

TEST(BlockOptimizer, PlainSgdSubtractsTheRateTimesTheGradientAndKeepsNoState) {
  Fixture f(OptimizerKind::kSgd);
  EXPECT_EQ(f.layout.floats, 0u);
  f.Step({.learning_rate = 0.5, .weight_decay = 0.1}, 0);
  EXPECT_NEAR(f.weight(), 0.5 - 0.5 * (0.1 + 0.1 * 0.5), 1e-7);
  EXPECT_NEAR(f.bias(), -0.25 - 0.5 * (-0.2 + 0.1 * -0.25), 1e-7);
}

TEST(BlockOptimizer, MomentumSwitchedOffForAWhileLeavesTheBufferAlone) {
  Fixture f(OptimizerKind::kSgdMomentum);
  f.Step({.learning_rate = 0.01, .momentum = 0.9}, 0);
  f.Step({.learning_rate = 0.01, .momentum = 0}, 1);
  f.optimizer->Store(f.row());
  EXPECT_EQ(f.row()[f.layout.tensors[0].offset], 0.1f);
}

TEST(BlockOptimizer, PaddingStaysZeroUnderDecayAndMoments) {
  Fixture f(OptimizerKind::kAdam);
  for (int step = 0; step < 3; ++step) f.Step({.weight_decay = 0.1}, step);
  for (std::size_t i = 0; i < f.weights.size(); ++i)
    if (i != kWeight && i != kBias) {
      EXPECT_EQ(f.weights.data()[i], 0) << i;
    }
}

}  // namespace
}  // namespace delstep
