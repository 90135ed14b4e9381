#pragma once
/// SGD, Adam and RMSprop over blocks, with the arithmetic and the defaults of torch.optim.
#include <cstdint>
#include <span>
#include <string>

#include "delstep/learner.h"
#include "learning/dense/perceptron.h"
#include "math/aligned_floats.h"
#include "math/kernels.h"

namespace delstep {

enum class OptimizerKind : std::uint8_t {
  kSgd,              ///< keeps no state: momentum must stay 0
  kSgdMomentum,      ///< velocity buffer, no dampening, no Nesterov
  kAdam,             ///< betas 0.9 and 0.999, epsilon 1e-8; L2 decay, as Adam and not AdamW
  kRmsprop,          ///< alpha 0.99, epsilon 1e-8, not centred: momentum must stay 0
  kRmspropMomentum,  ///< the same with a momentum buffer
};

/// Whether a job may ask for momentum: there is room for it, or (Adam) it is of no meaning.
bool TakesMomentum(OptimizerKind kind);

/// Scales a gradient of `n` floats down to the Euclidean norm `most` if its own is larger, as
/// torch.nn.utils.clip_grad_norm_: by most / (norm + 1e-6).
void ClipNorm(const Kernels& kernels, double most, std::size_t n, float* gradient);

/// Appends to a state row what the optimizer keeps of each parameter ("fc1.weight.exp_avg", ...)
/// and, for Adam, the number of steps taken as the raw integer "step".
void AppendState(OptimizerKind kind, const Perceptron& perceptron, RowLayout& state);

/// An optimizer at work: the state of one node in blocks. The scratch of one worker.
class BlockOptimizer {
 public:
  /// `perceptron`, `kernels` and `layout`, a state row's, outlive the optimizer.
  BlockOptimizer(OptimizerKind kind, const Perceptron& perceptron, const Kernels& kernels,
                 const RowLayout& layout);

  void Load(std::span<const float> state);
  void Store(std::span<float> state) const;
  void Step(const TrainOptions& options, const float* gradient, float* weights);
  bool AllFinite() const;

 private:
  void StepSgd(const TrainOptions& options, const float* gradient, float* weights);
  void StepAdam(const TrainOptions& options, const float* gradient, float* weights);
  void StepRmsprop(const TrainOptions& options, const float* gradient, float* weights);
  std::span<const TensorSpec> TensorsOf(std::size_t moment) const;

  OptimizerKind kind_;
  const Perceptron& perceptron_;
  const Kernels& kernels_;
  const RowLayout& layout_;
  std::vector<AlignedFloats> moments_;
  std::int64_t steps_ = 0;
};

}  // namespace delstep
