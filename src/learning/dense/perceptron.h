#pragma once
/// The shape of a multilayer perceptron, in rows and as the passes compute with it.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "delstep/learner.h"
#include "math/kernels.h"

namespace delstep {

enum class Activation : std::uint8_t { kRelu, kTanh };

/// A fully connected layer. In a block its weights lie transposed, `in` rows of `stride` floats, so
/// that products run along the outputs; the bias is one more such row. The columns from `out` to
/// `stride` are 0.
struct DenseLayer {
  std::size_t in = 0, out = 0;
  std::size_t stride = 0;             ///< PaddedColumns(out)
  std::size_t weights = 0, bias = 0;  ///< offsets in a block
};

/// Layers one after the other; activation and dropout follow all but the last. No hidden layer:
/// softmax regression.
struct Perceptron {
  std::vector<DenseLayer> layers;
  Activation activation = Activation::kRelu;
  double dropout = 0;      ///< probability, in [0, 1)
  std::size_t floats = 0;  ///< of a block: parameters, a gradient or a moment

  Perceptron(std::size_t inputs, std::span<const std::size_t> hidden, std::size_t classes);

  /// Appends a tensor for each weight ({out, in}) and bias ({out}), "fc1.weight", "fc1.bias", ...,
  /// to a row.
  void AppendTensors(RowLayout& row, TensorSpec::Role role, const std::string& suffix = {}) const;
};

/// Between the tensors that AppendTensors() made, from `tensors[0]` on, and a block. Unpack()
/// zeroes the padding of the block; Pack() writes no gap of the row.
void Unpack(const Kernels& kernels, const Perceptron& perceptron,
            std::span<const TensorSpec> tensors, std::span<const float> row, float* block);
void Pack(const Kernels& kernels, const Perceptron& perceptron, std::span<const TensorSpec> tensors,
          const float* block, std::span<float> row);

}  // namespace delstep
