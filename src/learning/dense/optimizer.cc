#include "learning/dense/optimizer.h"

#include <cmath>
#include <cstring>

namespace delstep {
namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kAlpha = 0.99, kEpsilon = 1e-8;

std::vector<std::string> MomentNames(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::kSgd:
      return {};
    case OptimizerKind::kSgdMomentum:
      return {".momentum_buffer"};
    case OptimizerKind::kAdam:
      return {".exp_avg", ".exp_avg_sq"};
    case OptimizerKind::kRmsprop:
      return {".square_avg"};
    case OptimizerKind::kRmspropMomentum:
      return {".square_avg", ".momentum_buffer"};
  }
  return {};
}

/// By squaring: the C library's pow gives other last bits on other machines.
double Power(double base, std::int64_t exponent) {
  double power = 1;
  for (; exponent > 0; exponent /= 2, base *= base)
    if (exponent % 2 == 1) power *= base;
  return power;
}

}  // namespace

bool TakesMomentum(OptimizerKind kind) {
  return kind != OptimizerKind::kSgd && kind != OptimizerKind::kRmsprop;
}

void ClipNorm(const Kernels& kernels, double most, std::size_t n, float* gradient) {
  const double norm = std::sqrt(kernels.sum_of_squares(n, gradient));
  const double coefficient = most / (norm + 1e-6);
  if (coefficient < 1) kernels.scale(n, static_cast<float>(coefficient), gradient);
}

void AppendState(OptimizerKind kind, const Perceptron& perceptron, RowLayout& state) {
  for (const std::string& name : MomentNames(kind))
    perceptron.AppendTensors(state, TensorSpec::Role::kMoment, name);
  if (kind == OptimizerKind::kAdam) state.Append("step", {}, TensorSpec::Role::kRaw);
}

BlockOptimizer::BlockOptimizer(OptimizerKind kind, const Perceptron& perceptron,
                               const Kernels& kernels, const RowLayout& layout)
    : kind_(kind), perceptron_(perceptron), kernels_(kernels), layout_(layout) {
  for (std::size_t i = 0; i < MomentNames(kind).size(); ++i)
    moments_.emplace_back(perceptron.floats);
}

std::span<const TensorSpec> BlockOptimizer::TensorsOf(std::size_t moment) const {
  const std::size_t count = 2 * perceptron_.layers.size();
  return std::span(layout_.tensors).subspan(moment * count, count);
}

void BlockOptimizer::Load(std::span<const float> state) {
  for (std::size_t i = 0; i < moments_.size(); ++i)
    Unpack(kernels_, perceptron_, TensorsOf(i), state, moments_[i].data());
  if (kind_ == OptimizerKind::kAdam)
    std::memcpy(&steps_, state.data() + layout_.tensors.back().offset, sizeof steps_);
}

void BlockOptimizer::Store(std::span<float> state) const {
  for (std::size_t i = 0; i < moments_.size(); ++i)
    Pack(kernels_, perceptron_, TensorsOf(i), moments_[i].data(), state);
  if (kind_ == OptimizerKind::kAdam)
    std::memcpy(state.data() + layout_.tensors.back().offset, &steps_, sizeof steps_);
}

void BlockOptimizer::Step(const TrainOptions& options, const float* gradient, float* weights) {
  switch (kind_) {
    case OptimizerKind::kSgd:
    case OptimizerKind::kSgdMomentum:
      return StepSgd(options, gradient, weights);
    case OptimizerKind::kAdam:
      return StepAdam(options, gradient, weights);
    case OptimizerKind::kRmsprop:
    case OptimizerKind::kRmspropMomentum:
      return StepRmsprop(options, gradient, weights);
  }
}

void BlockOptimizer::StepSgd(const TrainOptions& options, const float* gradient, float* weights) {
  const auto rate = static_cast<float>(options.learning_rate);
  const auto decay = static_cast<float>(options.weight_decay);
  if (options.momentum == 0)
    kernels_.sgd(perceptron_.floats, rate, decay, gradient, weights);
  else
    kernels_.sgd_momentum(perceptron_.floats, rate, decay, static_cast<float>(options.momentum),
                          gradient, weights, moments_[0].data());
}

void BlockOptimizer::StepAdam(const TrainOptions& options, const float* gradient, float* weights) {
  ++steps_;
  const double correction1 = 1 - Power(kBeta1, steps_);
  const double correction2 = 1 - Power(kBeta2, steps_);
  const AdamUpdate update{
      .weight_decay = static_cast<float>(options.weight_decay),
      .beta1 = static_cast<float>(kBeta1),
      .beta2 = static_cast<float>(kBeta2),
      .rest1 = static_cast<float>(1 - kBeta1),
      .rest2 = static_cast<float>(1 - kBeta2),
      .step_size = static_cast<float>(options.learning_rate / correction1),
      .root_scale = static_cast<float>(1 / std::sqrt(correction2)),
      .epsilon = static_cast<float>(kEpsilon),
  };
  kernels_.adam(perceptron_.floats, update, gradient, weights, moments_[0].data(),
                moments_[1].data());
}

void BlockOptimizer::StepRmsprop(const TrainOptions& options, const float* gradient,
                                 float* weights) {
  const RmspropUpdate update{
      .rate = static_cast<float>(options.learning_rate),
      .weight_decay = static_cast<float>(options.weight_decay),
      .momentum = static_cast<float>(options.momentum),
      .alpha = static_cast<float>(kAlpha),
      .rest = static_cast<float>(1 - kAlpha),
      .epsilon = static_cast<float>(kEpsilon),
  };
  if (options.momentum == 0)
    kernels_.rmsprop(perceptron_.floats, update, gradient, weights, moments_[0].data());
  else
    kernels_.rmsprop_momentum(perceptron_.floats, update, gradient, weights, moments_[0].data(),
                              moments_[1].data());
}

bool BlockOptimizer::AllFinite() const {
  for (const AlignedFloats& moment : moments_)
    if (!kernels_.all_finite(moment.size(), moment.data())) return false;
  return true;
}

}  // namespace delstep
