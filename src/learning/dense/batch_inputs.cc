#include "learning/dense/batch_inputs.h"

#include <algorithm>

namespace delstep {
namespace {

/// Features of a sparse product between two looks at what is to be fetched.
constexpr std::size_t kSparseStep = 4 * kInputBlock;

/// Examples lie in random places of a large data set: the processor cannot foresee the next, so
/// reading one fetches another ahead. `values` are those of the data set. Inlined, or g++ 12 takes
/// it for a function without effect.
template <class T>
[[gnu::always_inline]] inline void FetchAhead(const T* values, std::size_t size,
                                              std::span<const std::uint32_t> examples,
                                              std::size_t reading) {
  // Eight examples ahead: about the time that memory takes to answer.
  constexpr std::size_t kAhead = 8, kLine = 64;
  if (reading + kAhead >= examples.size()) return;
  const T* example = values + examples[reading + kAhead] * size;
  for (std::size_t i = 0; i < size; i += kLine / sizeof(T)) __builtin_prefetch(example + i);
}

}  // namespace

// Only notes where the next batch lies; Fetch() asks for it while the present one is worked on.
void Fetcher::Start(const Dataset& dataset, std::span<const std::uint32_t> examples) {
  const bool is_bytes = !dataset.bytes.empty();
  begin_ = is_bytes ? reinterpret_cast<const char*>(dataset.bytes.data())
                    : reinterpret_cast<const char*>(dataset.floats.data());
  size_ = dataset.example_size * (is_bytes ? 1 : sizeof(float));
  offset_ = 0;
  examples_ = examples;
}

void Fetcher::Fetch(std::size_t lines) {
  for (; lines > 0 && !examples_.empty(); --lines) {
    __builtin_prefetch(begin_ + examples_.front() * size_ + offset_, 0, 2);  // to the second cache
    offset_ += kLine;
    if (offset_ < size_) continue;
    offset_ = 0;
    examples_ = examples_.subspan(1);
  }
}

void BatchInputs::Reserve(std::size_t examples, std::size_t features) {
  // Batches are mostly of one size: memory is taken once, and grows for the largest.
  if (examples <= capacity_ && features == features_) return;
  capacity_ = examples;
  features_ = features;
  dense_ = AlignedFloats(examples * features);
  const std::size_t blocks = features / kInputBlock, most = examples * blocks + kPickingSlack;
  features_of_.resize(examples);
  scratch_.resize(kPickingScratch * PickingStride(examples));
  starts_.resize(blocks + 1);
  examples_.resize(most);
  values_ = AlignedFloats(most * kInputBlock);
  sparse_ = {.blocks = blocks,
             .starts = starts_.data(),
             .examples = examples_.data(),
             .values = values_.data()};
}

void BatchInputs::Gather(const Dataset& dataset, std::span<const std::uint32_t> examples,
                         std::span<const std::uint32_t> next) {
  rows_ = examples.size();
  fetcher_.Start(dataset, next);
  const std::size_t size = dataset.example_size;
  Reserve(rows_, size);
  is_sparse_ = GatherSparse(dataset, examples);
  // The dense way. A batch that turned out not to be sparse is read again from the start.
  for (std::size_t r = 0; r < rows_ && !is_sparse_; ++r) {
    const std::size_t at = examples[r] * size;
    float* row = dense_.data() + r * size;
    if (dataset.bytes.empty()) {
      FetchAhead(dataset.floats.data(), size, examples, r);
      std::copy_n(dataset.floats.data() + at, size, row);
    } else {
      FetchAhead(dataset.bytes.data(), size, examples, r);
      kernels_.convert(size, dataset.bytes.data() + at, dataset.scale, dataset.shift, row);
    }
  }
}

/// False: the batch is not worth it.
bool BatchInputs::GatherSparse(const Dataset& dataset, std::span<const std::uint32_t> examples) {
  const std::size_t size = dataset.example_size, blocks = size / kInputBlock;
  // Only where byte 0 is a feature of 0 may it be left out of the products.
  if (dataset.bytes.empty() || dataset.shift != 0 || size % kInputBlock != 0) return false;
  for (std::size_t r = 0; r < rows_; ++r)
    features_of_[r] = dataset.bytes.data() + examples[r] * size;
  // Dense products need fewer loads a multiplication; measured, skipping pays up to here. Inputs
  // that are dense show it soon.
  const auto is_dense = [&](std::size_t some, std::size_t picked) {
    return 5 * picked > 4 * some * blocks;
  };
  constexpr std::size_t kSome = 16;
  if (rows_ >= kSome) {
    std::size_t picked = 0;
    for (std::size_t r = 0; r < kSome; ++r)
      picked += kernels_.count_blocks(blocks, features_of_[r]);
    if (is_dense(kSome, picked)) return false;
  }
  kernels_.pick_blocks({.examples = rows_,
                        .blocks = blocks,
                        .features = features_of_.data(),
                        .scale = dataset.scale,
                        .stride = PickingStride(rows_),
                        .scratch = scratch_.data(),
                        .starts = starts_.data(),
                        .entry_examples = examples_.data(),
                        .values = values_.data()});
  return !is_dense(rows_, starts_[blocks]);
}

/// Those of the inputs from feature `first` on.
SparseInputs BatchInputs::Blocks(std::size_t first, std::size_t count) const {
  SparseInputs inputs = sparse_;
  inputs.blocks = count / kInputBlock;
  inputs.starts += first / kInputBlock;
  return inputs;
}

void BatchInputs::Multiply(const float* weights, const float* start, std::size_t stride,
                           bool is_last, float* c) {
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
  // The sparse product adds to its result, so the result begins as the bias.
  for (std::size_t r = 0; r < rows_; ++r) std::copy_n(start, stride, c + r * stride);
  const std::size_t step = is_last ? kSparseStep : features_;
  const std::size_t lines = is_last ? fetcher_.lines() * step / features_ + 1 : 0;
  for (std::size_t first = 0; first < features_; first += step) {
    fetcher_.Fetch(lines);
    kernels_.sparse_multiply({.inputs = Blocks(first, std::min(step, features_ - first)),
                              .b = weights + first * stride,
                              .c = c,
                              .stride = stride});
  }
}

void BatchInputs::Gradient(const float* d, std::size_t stride, float* c) {
  // A processor waits for some 20 lines at a time: so the next batch is fetched little by little.
  const std::size_t step = is_sparse_ ? kSparseStep : kernels_.tile_rows;
  const std::size_t lines = fetcher_.lines() * step / features_ + 1;
  for (std::size_t first = 0; first < features_; first += step) {
    fetcher_.Fetch(lines);
    GradientRows(first, std::min(step, features_ - first), d, stride, c);
  }
}

void BatchInputs::GradientRows(std::size_t first, std::size_t count, const float* d,
                               std::size_t stride, float* c) const {
  if (is_sparse_) {
    kernels_.sparse_gradient(
        {.inputs = Blocks(first, count), .b = d, .c = c + first * stride, .stride = stride});
    return;
  }
  // The transposed inputs times d: read by columns, without a copy.
  kernels_.multiply({.m = count,
                     .n = stride,
                     .k = rows_,
                     .a = dense_.data() + first,
                     .a_row = 1,
                     .a_column = features_,
                     .b = d,
                     .b_stride = stride,
                     .c = c + first * stride,
                     .c_stride = stride});
}

}  // namespace delstep
