#include "learning/dense/passes.h"

#include <algorithm>

#include "math/draws.h"

namespace delstep {

// Memory for batches is taken by Reserve(), when the size of the first one is known.
Passes::Passes(const Perceptron& perceptron, const Kernels& kernels)
    : perceptron_(perceptron),
      kernels_(kernels),
      inputs_(kernels),
      batches_(perceptron.layers.size()) {
  // Weights of the next layer, transposed for the way back. The first layer needs none: nobody asks
  // for the gradient of the inputs.
  for (std::size_t i = 0; i + 1 < batches_.size(); ++i)
    batches_[i].transposed =
        AlignedFloats(perceptron.layers[i + 1].out * perceptron.layers[i].stride);
}

void Passes::Reserve(std::size_t rows) {
  if (rows <= capacity_) return;
  std::size_t widest = 0;
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    const std::size_t floats = rows * perceptron_.layers[i].stride;
    batches_[i].active = AlignedFloats(floats);
    if (i + 1 == batches_.size()) break;
    batches_[i].gradient = AlignedFloats(floats);
    // Without dropout the output of a layer is its activation: no second array.
    if (perceptron_.dropout > 0) {
      batches_[i].output = AlignedFloats(floats);
      batches_[i].mask = AlignedFloats(floats);
      widest = std::max(widest, floats);
    }
  }
  // A word of 32 bits decides on two units, with 16 bits each.
  words_.resize(widest / 2);
  losses_.resize(rows);
  labels_.resize(rows);
  capacity_ = rows;
}

void Passes::Gather(const Dataset& dataset, std::span<const std::uint32_t> examples,
                    std::span<const std::uint32_t> next) {
  rows_ = examples.size();
  Reserve(rows_);
  inputs_.Gather(dataset, examples, next);
  for (std::size_t r = 0; r < rows_; ++r) labels_[r] = dataset.labels[examples[r]];
}

const float* Passes::OutputOf(std::size_t layer) const {
  return dropped_ ? batches_[layer].output.data() : batches_[layer].active.data();
}

void Passes::Forward(const float* weights, Random* dropout) {
  // Remembered for the way back, which must use the same masks.
  dropped_ = dropout && perceptron_.dropout > 0;
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    Multiply(i, weights, dropout == nullptr);
    if (i + 1 < batches_.size()) Activate(i, dropout);
  }
}

void Passes::Multiply(std::size_t layer, const float* weights, bool is_last) {
  const DenseLayer& shape = perceptron_.layers[layer];
  float* c = batches_[layer].active.data();
  if (layer == 0) {
    inputs_.Multiply(weights + shape.weights, weights + shape.bias, shape.stride, is_last, c);
    return;
  }
  kernels_.multiply({.m = rows_,
                     .n = shape.stride,
                     .k = shape.in,
                     .a = OutputOf(layer - 1),
                     .a_row = perceptron_.layers[layer - 1].stride,
                     .b = weights + shape.weights,
                     .b_stride = shape.stride,
                     .start = weights + shape.bias,
                     .c = c,
                     .c_stride = shape.stride});
}

void Passes::Activate(std::size_t layer, Random* dropout) {
  LayerBatch& batch = batches_[layer];
  const std::size_t floats = rows_ * perceptron_.layers[layer].stride;
  (perceptron_.activation == Activation::kRelu ? kernels_.relu : kernels_.tanh)(
      floats, batch.active.data());
  if (!dropped_) return;
  // Padding included, as math/draws.h says: LibTorch's learner drops the same entries.
  dropout->Fill(std::span(words_).first(floats / 2), &kernels_ == &PortableKernels());
  kernels_.dropout_mask(floats, words_.data(), DropThreshold(perceptron_.dropout),
                        KeptScale(perceptron_.dropout), batch.mask.data());
  kernels_.scale_each(floats, batch.active.data(), batch.mask.data(), batch.output.data());
}

std::int32_t Passes::Predicted(std::size_t row) const {
  const DenseLayer& last = perceptron_.layers.back();
  const float* scores = batches_.back().active.data() + row * last.stride;
  std::int32_t best = 0;
  for (std::int32_t c = 1; c < static_cast<std::int32_t>(last.out); ++c)
    best = scores[c] > scores[best] ? c : best;
  return best;
}

std::int64_t Passes::CountCorrect() const {
  std::int64_t correct = 0;
  for (std::size_t r = 0; r < rows_; ++r) correct += Predicted(r) == labels_[r] ? 1 : 0;
  return correct;
}

void Passes::CountConfusion(std::span<std::int64_t> confusion) const {
  const std::size_t classes = perceptron_.layers.back().out;
  for (std::size_t r = 0; r < rows_; ++r)
    ++confusion[static_cast<std::size_t>(labels_[r]) * classes +
                static_cast<std::size_t>(Predicted(r))];
}

double Passes::Losses() {
  const DenseLayer& last = perceptron_.layers.back();
  kernels_.softmax_cross_entropy({.rows = rows_,
                                  .classes = last.out,
                                  .stride = last.stride,
                                  .labels = labels_.data(),
                                  .scale = 1.0f / static_cast<float>(rows_),
                                  .x = batches_.back().active.data(),
                                  .losses = losses_.data()});
  double sum = 0;
  for (std::size_t r = 0; r < rows_; ++r) sum += losses_[r];
  return sum;
}

double Passes::Backward(const float* weights, float* gradient) {
  // The scores become the gradient of the loss in place: (softmax - one-hot) / batch.
  const double loss = Losses();
  const float* d = batches_.back().active.data();
  for (std::size_t i = batches_.size(); i-- > 0;) {
    WeightGradient(i, d, gradient);
    // The first layer has nobody before it.
    if (i > 0) d = GradientBefore(i, weights, d);
  }
  return loss;
}

void Passes::WeightGradient(std::size_t layer, const float* d, float* gradient) {
  const DenseLayer& shape = perceptron_.layers[layer];
  Product product{.m = shape.in,
                  .n = shape.stride,
                  .k = rows_,
                  .b = d,
                  .b_stride = shape.stride,
                  .c = gradient + shape.weights,
                  .c_stride = shape.stride};
  if (layer == 0) {
    inputs_.Gradient(d, shape.stride, product.c);
  } else {
    // Read by columns: the transposed outputs of the layer before.
    product.a = OutputOf(layer - 1);
    product.a_row = 1;
    product.a_column = perceptron_.layers[layer - 1].stride;
    kernels_.multiply(product);
  }
  // The bias is a weight of an input that is always 1.
  constexpr float kOne = 1;
  product.m = 1;
  product.a = &kOne;
  product.a_row = product.a_column = 0;
  product.c = gradient + shape.bias;
  kernels_.multiply(product);
}

const float* Passes::GradientBefore(std::size_t layer, const float* weights, const float* d) {
  const DenseLayer& shape = perceptron_.layers[layer];
  LayerBatch& before = batches_[layer - 1];
  const std::size_t stride = perceptron_.layers[layer - 1].stride;
  kernels_.transpose({.rows = shape.in,
                      .columns = shape.out,
                      .from = weights + shape.weights,
                      .from_stride = shape.stride,
                      .to = before.transposed.data(),
                      .to_stride = stride});
  kernels_.multiply({.m = rows_,
                     .n = stride,
                     .k = shape.out,
                     .a = d,
                     .a_row = shape.stride,
                     .b = before.transposed.data(),
                     .b_stride = stride,
                     .c = before.gradient.data(),
                     .c_stride = stride});
  const std::size_t floats = rows_ * stride;
  float* result = before.gradient.data();
  // The chain rule backwards: first through dropout, then through the activation.
  if (dropped_) kernels_.scale_each(floats, result, before.mask.data(), result);
  (perceptron_.activation == Activation::kRelu ? kernels_.relu_gradient : kernels_.tanh_gradient)(
      floats, before.active.data(), result);
  return result;
}

}  // namespace delstep
