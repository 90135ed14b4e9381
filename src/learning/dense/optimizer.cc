#include "learning/dense/optimizer.h"

#include <cstring>
#include <string>

namespace delstep {

void AppendState(UpdateRule rule, const Perceptron& perceptron, RowLayout& state) {
  for (const std::string& name : MomentsOf(rule))
    perceptron.AppendTensors(state, TensorSpec::Role::kMoment, name);
  if (CountsSteps(rule)) state.Append("step", {}, TensorSpec::Role::kRaw);
}

BlockOptimizer::BlockOptimizer(UpdateRule rule, const Perceptron& perceptron,
                               const Kernels& kernels, const RowLayout& layout)
    : rule_(rule), perceptron_(perceptron), kernels_(kernels), layout_(layout) {
  for (std::size_t i = 0; i < MomentsOf(rule).size(); ++i) moments_.emplace_back(perceptron.floats);
}

std::span<const TensorSpec> BlockOptimizer::TensorsOf(std::size_t moment) const {
  // A moment has as many tensors as the model: a weight and a bias per layer, in the same order.
  const std::size_t count = 2 * perceptron_.layers.size();
  return std::span(layout_.tensors).subspan(moment * count, count);
}

void BlockOptimizer::Load(std::span<const float> state) {
  for (std::size_t i = 0; i < moments_.size(); ++i)
    Unpack(kernels_, perceptron_, TensorsOf(i), state, moments_[i].data());
  if (CountsSteps(rule_))
    std::memcpy(&steps_, state.data() + layout_.tensors.back().offset, sizeof steps_);
}

void BlockOptimizer::Store(std::span<float> state) const {
  for (std::size_t i = 0; i < moments_.size(); ++i)
    Pack(kernels_, perceptron_, TensorsOf(i), moments_[i].data(), state);
  if (CountsSteps(rule_))
    std::memcpy(state.data() + layout_.tensors.back().offset, &steps_, sizeof steps_);
}

void BlockOptimizer::Step(const TrainOptions& options, const float* gradient, float* weights) {
  // All layers in one pass: gradients, weights and moments have the same arrangement.
  FlatParameters parameters{.size = perceptron_.floats, .gradient = gradient, .weights = weights};
  for (std::size_t i = 0; i < moments_.size(); ++i) parameters.moments[i] = moments_[i].data();
  Update(kernels_, rule_, options, ++steps_, parameters);
}

bool BlockOptimizer::AllFinite() const {
  for (const AlignedFloats& moment : moments_)
    if (!kernels_.all_finite(moment.size(), moment.data())) return false;
  return true;
}

}  // namespace delstep
