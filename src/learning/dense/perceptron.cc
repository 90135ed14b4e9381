#include "learning/dense/perceptron.h"

#include <algorithm>
#include <string>

namespace delstep {

Perceptron::Perceptron(std::size_t inputs, std::span<const std::size_t> hidden,
                       std::size_t classes) {
  const auto add = [&](std::size_t in, std::size_t out) {
    // Columns are padded to whole vectors, so that kernels need no rest.
    const std::size_t stride = PaddedColumns(out);
    layers.push_back(
        {.in = in, .out = out, .stride = stride, .weights = floats, .bias = floats + in * stride});
    floats += (in + 1) * stride;
  };
  // Without hidden layers this is softmax regression.
  for (const std::size_t width : hidden) {
    add(inputs, width);
    inputs = width;
  }
  add(inputs, classes);
}

void Perceptron::AppendTensors(RowLayout& row, TensorSpec::Role role,
                               const std::string& suffix) const {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string name = "fc" + std::to_string(i + 1);
    const auto in = static_cast<std::int64_t>(layers[i].in);
    const auto out = static_cast<std::int64_t>(layers[i].out);
    row.Append(name + ".weight" + suffix, {out, in}, role);
    row.Append(name + ".bias" + suffix, {out}, role);
  }
}

void Unpack(const Kernels& kernels, const Perceptron& perceptron,
            std::span<const TensorSpec> tensors, std::span<const float> row, float* block) {
  // The padding must be 0: products run over it.
  std::fill_n(block, perceptron.floats, 0.0f);
  for (std::size_t i = 0; i < perceptron.layers.size(); ++i) {
    const DenseLayer& layer = perceptron.layers[i];
    // Rows have weights as PyTorch does, [out, in]; products want [in, out].
    kernels.transpose({.rows = layer.out,
                       .columns = layer.in,
                       .from = row.data() + tensors[2 * i].offset,
                       .from_stride = layer.in,
                       .to = block + layer.weights,
                       .to_stride = layer.stride});
    std::copy_n(row.data() + tensors[2 * i + 1].offset, layer.out, block + layer.bias);
  }
}

void Pack(const Kernels& kernels, const Perceptron& perceptron, std::span<const TensorSpec> tensors,
          const float* block, std::span<float> row) {
  for (std::size_t i = 0; i < perceptron.layers.size(); ++i) {
    const DenseLayer& layer = perceptron.layers[i];
    kernels.transpose({.rows = layer.in,
                       .columns = layer.out,
                       .from = block + layer.weights,
                       .from_stride = layer.stride,
                       .to = row.data() + tensors[2 * i].offset,
                       .to_stride = layer.in});
    std::copy_n(block + layer.bias, layer.out, row.data() + tensors[2 * i + 1].offset);
  }
}

}  // namespace delstep
