#pragma once
/// The update rules of math/optimizers.h over blocks.
#include <cstdint>
#include <span>
#include <vector>

#include "delstep/learner.h"
#include "learning/dense/perceptron.h"
#include "math/aligned_floats.h"
#include "math/kernels.h"
#include "math/optimizers.h"

namespace delstep {

/// Appends to a state row what the rule keeps of each parameter ("fc1.weight.exp_avg", ...) and, if
/// it counts them, the number of steps taken as the raw integer "step".
void AppendState(UpdateRule rule, const Perceptron& perceptron, RowLayout& state);

/// An optimizer at work: the state of one node in blocks. The scratch of one worker.
class BlockOptimizer {
 public:
  /// `perceptron`, `kernels` and `layout`, a state row's, outlive the optimizer.
  BlockOptimizer(UpdateRule rule, const Perceptron& perceptron, const Kernels& kernels,
                 const RowLayout& layout);

  void Load(std::span<const float> state);
  void Store(std::span<float> state) const;
  void Step(const TrainOptions& options, const float* gradient, float* weights);
  bool AllFinite() const;

 private:
  std::span<const TensorSpec> TensorsOf(std::size_t moment) const;

  UpdateRule rule_;
  const Perceptron& perceptron_;
  const Kernels& kernels_;
  const RowLayout& layout_;
  std::vector<AlignedFloats> moments_;
  std::int64_t steps_ = 0;
};

}  // namespace delstep
