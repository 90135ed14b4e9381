#include "learning/dense/optimizer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <optional>

namespace delstep {
namespace {

// One input and one class: a weight and a bias.
const Perceptron kPerceptron(1, {}, 1);
const std::size_t kWeight = kPerceptron.layers[0].weights, kBias = kPerceptron.layers[0].bias;
constexpr float kGradients[3][2] = {{0.1f, -0.2f}, {0.3f, 0.05f}, {-0.4f, 0.0f}};

struct Fixture {
  explicit Fixture(UpdateRule rule) : weights(kPerceptron.floats), gradient(kPerceptron.floats) {
    AppendState(rule, kPerceptron, layout);
    state = AlignedFloats(layout.floats);
    optimizer.emplace(rule, kPerceptron, PortableKernels(), layout);
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

TEST(BlockOptimizer, KeepsTheMomentsOfEachTensorInTheStateRow) {
  // After one step from 0: 0.1 g and 0.001 g^2 (Adam); 0.01 g^2 and g over its root (RMSprop).
  Fixture adam(UpdateRule::kAdam), rmsprop(UpdateRule::kRmspropMomentum);
  for (Fixture* f : {&adam, &rmsprop}) {
    f->Step({.momentum = 0.9}, 0);
    f->optimizer->Store(f->row());
  }
  const auto at = [](Fixture& f, std::size_t tensor) {
    return f.row()[f.layout.tensors[tensor].offset];
  };
  EXPECT_EQ(adam.layout.tensors[3].name, "fc1.bias.exp_avg_sq");
  EXPECT_NEAR(at(adam, 0), 0.1 * 0.1, 1e-8);
  EXPECT_NEAR(at(adam, 1), 0.1 * -0.2, 1e-8);
  EXPECT_NEAR(at(adam, 2), 0.001 * 0.1 * 0.1, 1e-11);
  EXPECT_NEAR(at(adam, 3), 0.001 * 0.2 * 0.2, 1e-11);
  EXPECT_EQ(rmsprop.layout.tensors[2].name, "fc1.weight.momentum_buffer");
  EXPECT_NEAR(at(rmsprop, 1), 0.01 * 0.2 * 0.2, 1e-10);
  EXPECT_NEAR(at(rmsprop, 2), 10, 1e-5);
  EXPECT_EQ(Fixture(UpdateRule::kSgd).layout.floats, 0u);
}

TEST(BlockOptimizer, AdamKeepsItsStepCountAsARawIntegerInTheStateRow) {
  Fixture f(UpdateRule::kAdam);
  ASSERT_EQ(f.layout.tensors.back().name, "step");
  ASSERT_EQ(f.layout.tensors.back().role, TensorSpec::Role::kRaw);
  for (int step = 0; step < 3; ++step) f.Step({}, step);
  f.optimizer->Store(f.row());
  std::int64_t steps = 0;
  std::memcpy(&steps, &f.row()[f.layout.tensors.back().offset], sizeof steps);
  EXPECT_EQ(steps, 3);
}

TEST(BlockOptimizer, AdamContinuesFromTheStateRowAsIfItHadNeverStopped) {
  Fixture whole(UpdateRule::kAdam), first(UpdateRule::kAdam), second(UpdateRule::kAdam);
  for (int step = 0; step < 3; ++step) whole.Step({}, step);
  first.Step({}, 0);
  first.optimizer->Store(first.row());
  second.optimizer->Load(first.row());
  second.weights = std::move(first.weights);
  for (int step = 1; step < 3; ++step) second.Step({}, step);
  EXPECT_EQ(second.weight(), whole.weight());
  EXPECT_EQ(second.bias(), whole.bias());
}

TEST(BlockOptimizer, PaddingStaysZeroUnderDecayAndMoments) {
  Fixture f(UpdateRule::kAdam);
  for (int step = 0; step < 3; ++step) f.Step({.weight_decay = 0.1}, step);
  for (std::size_t i = 0; i < f.weights.size(); ++i)
    if (i != kWeight && i != kBias) {
      EXPECT_EQ(f.weights.data()[i], 0) << i;
    }
}

}  // namespace
}  // namespace delstep
