#include "learning/dense/batch_inputs.h"

#include <algorithm>

namespace delstep {

void BatchInputs::Reserve(std::size_t examples, std::size_t features) {
  if (examples <= capacity_ && features == features_) return;
  capacity_ = examples;
  features_ = features;
  dense_ = AlignedFloats(examples * features);
  const std::size_t blocks = features / kInputBlock;
  values_ = AlignedFloats(examples * blocks * kInputBlock);
  counts_.resize(blocks);
  examples_.resize(examples * blocks);
  lists_.resize(examples * blocks);
  lengths_.resize(examples);
  sparse_ = {blocks, examples, counts_.data(), examples_.data(), values_.data()};
}

void BatchInputs::Gather(const Dataset& dataset, std::span<const std::uint32_t> examples) {
  rows_ = examples.size();
  const std::size_t size = dataset.example_size;
  Reserve(rows_, size);
  is_sparse_ = GatherSparse(dataset, examples);
  for (std::size_t r = 0; r < rows_ && !is_sparse_; ++r) {
    const std::size_t at = examples[r] * size;
    float* row = dense_.data() + r * size;
    if (dataset.bytes.empty())
      std::copy_n(dataset.floats.data() + at, size, row);
    else
      kernels_.convert(size, dataset.bytes.data() + at, dataset.scale, dataset.shift, row);
  }
}

/// False: the batch is not worth it.
bool BatchInputs::GatherSparse(const Dataset& dataset, std::span<const std::uint32_t> examples) {
  const std::size_t size = dataset.example_size;
  if (dataset.bytes.empty() || dataset.shift != 0 || size % kInputBlock != 0) return false;
  const std::uint8_t* bytes = dataset.bytes.data();
  std::size_t listed = 0;
  for (std::size_t r = 0; r < rows_; ++r) {
    // Examples lie in random places of a large data set: the processor cannot foresee the next.
    constexpr std::size_t kAhead = 8, kLine = 64;
    if (r + kAhead < rows_)
      for (std::size_t i = 0; i < size; i += kLine)
        __builtin_prefetch(bytes + examples[r + kAhead] * size + i);
    lengths_[r] = static_cast<std::uint32_t>(kernels_.list_blocks(
        sparse_.blocks, bytes + examples[r] * size, &lists_[r * sparse_.blocks]));
    listed += lengths_[r];
    // Dense products need fewer loads a multiplication; measured, skipping pays up to here. Inputs
    // that are dense show it soon.
    constexpr std::size_t kSome = 16;
    const bool is_dense = 5 * listed > 4 * (r + 1) * sparse_.blocks;
    if (is_dense && (r + 1 == kSome || r + 1 == rows_)) return false;
  }
  std::ranges::fill(counts_, 0u);
  for (std::size_t r = 0; r < rows_; ++r)
    kernels_.append_blocks(lengths_[r], &lists_[r * sparse_.blocks], bytes + examples[r] * size,
                           dataset.scale, static_cast<std::uint32_t>(r), sparse_);
  return true;
}

void BatchInputs::Multiply(const float* weights, const float* start, std::size_t stride,
                           float* c) const {
  if (!is_sparse_) {
    kernels_.multiply({.m = rows_,
                       .n = stride,
                       .k = features_,
                       .a = dense_.data(),
                       .a_row = features_,
                       .b = weights,
                       .b_stride = stride,
                       .start = start,
                       .c = c,
                       .c_stride = stride});
    return;
  }
  for (std::size_t r = 0; r < rows_; ++r) std::copy_n(start, stride, c + r * stride);
  kernels_.sparse_multiply({.inputs = sparse_, .b = weights, .c = c, .stride = stride});
}

void BatchInputs::Gradient(const float* d, std::size_t stride, float* c) const {
  if (is_sparse_)
    kernels_.sparse_gradient({.inputs = sparse_, .b = d, .c = c, .stride = stride});
  else
    kernels_.multiply({.m = features_,
                       .n = stride,
                       .k = rows_,
                       .a = dense_.data(),
                       .a_row = 1,
                       .a_column = features_,
                       .b = d,
                       .b_stride = stride,
                       .c = c,
                       .c_stride = stride});
}

}  // namespace delstep
