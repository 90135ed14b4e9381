#pragma once
/// The forward and the backward pass over a mini-batch.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "delstep/data.h"
#include "delstep/random.h"
#include "learning/dense/batch_inputs.h"
#include "learning/dense/perceptron.h"
#include "math/aligned_floats.h"
#include "math/kernels.h"

namespace delstep {

/// The scratch of one worker: a batch and all that is computed from it. Use: Gather, then Forward,
/// then Backward or Losses. It grows to the largest batch seen and is reused.
class Passes {
 public:
  /// Both outlive the passes.
  Passes(const Perceptron& perceptron, const Kernels& kernels);

  /// Takes the examples in as the batch. Those that come `next` are fetched into the cache meanwhile.
  void Gather(const Dataset& dataset, std::span<const std::uint32_t> examples,
              std::span<const std::uint32_t> next = {});
  /// Computes the scores (logits) of the batch; `weights` is a block. Dropout is drawn from
  /// `dropout`; null: an evaluation, after which no Backward() comes.
  void Forward(const float* weights, Random* dropout);
  /// Examples whose label has the highest score, the lowest class winning ties.
  std::int64_t CountCorrect() const;
  /// Adds the batch to a matrix of classes x classes counts: [label * classes + the class with the
  /// highest score].
  void CountConfusion(std::span<std::int64_t> confusion) const;
  /// The sum of the cross-entropies over the batch, in nats. Backward also writes the gradient of
  /// their mean to the block `gradient`, padding as 0. Either overwrites the scores.
  double Losses();
  double Backward(const float* weights, float* gradient);

 private:
  std::int32_t Predicted(std::size_t row) const;
  /// One row an example, `stride` floats each.
  struct LayerBatch {
    AlignedFloats active;    // after the activation; of the last layer: scores, then their gradient
    AlignedFloats output;    // after dropout; unused without
    AlignedFloats mask;      // of dropout
    AlignedFloats gradient;  // of the layer's product
    AlignedFloats transposed;  // weights of the next layer, `out` rows, for Backward
  };
  void Reserve(std::size_t rows);
  void Multiply(std::size_t layer, const float* weights, bool is_last);
  const float* OutputOf(std::size_t layer) const;
  void Activate(std::size_t layer, Random* dropout);
  void WeightGradient(std::size_t layer, const float* d, float* gradient);
  const float* GradientBefore(std::size_t layer, const float* weights, const float* d);

  const Perceptron& perceptron_;
  const Kernels& kernels_;
  std::size_t rows_ = 0, capacity_ = 0;
  bool dropped_ = false;  // whether the last Forward had dropout
  BatchInputs inputs_;
  std::vector<std::int32_t> labels_;
  std::vector<float> losses_;
  std::vector<std::uint32_t> words_;
  std::vector<LayerBatch> batches_;  // one per layer
};

}  // namespace delstep
