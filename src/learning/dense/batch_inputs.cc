#include "learning/dense/batch_inputs.h"

#include <algorithm>

namespace delstep {
namespace {

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
  const std::size_t blocks = features / kInputBlock;
  values_ = AlignedFloats(examples * blocks * kInputBlock);
  counts_.resize(blocks);
  examples_.resize(examples * blocks);
  lists_.resize(examples * blocks);
  lengths_.resize(examples);
  sparse_ = {.blocks = blocks,
             .capacity = examples,
             .counts = counts_.data(),
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
  const std::size_t size = dataset.example_size;
  // Only where byte 0 is a feature of 0 may it be left out of the products.
  if (dataset.bytes.empty() || dataset.shift != 0 || size % kInputBlock != 0) return false;
  const std::uint8_t* bytes = dataset.bytes.data();
  std::size_t listed = 0;
  for (std::size_t r = 0; r < rows_; ++r) {
    FetchAhead(bytes, size, examples, r);
    lengths_[r] = static_cast<std::uint32_t>(kernels_.list_blocks(
        sparse_.blocks, bytes + examples[r] * size, &lists_[r * sparse_.blocks]));
    listed += lengths_[r];
    // Dense products need fewer loads a multiplication; measured, skipping pays up to here. Inputs
    // that are dense show it soon.
    constexpr std::size_t kSome = 16;
    const bool is_dense = 5 * listed > 4 * (r + 1) * sparse_.blocks;
    if (is_dense && (r + 1 == kSome || r + 1 == rows_)) return false;
  }
  // Two passes: which blocks hold anything is known before any value is converted.
  std::ranges::fill(counts_, 0u);
  for (std::size_t r = 0; r < rows_; ++r)
    kernels_.append_blocks({.example = static_cast<std::uint32_t>(r),
                            .bytes = bytes + examples[r] * size,
                            .scale = dataset.scale,
                            .count = lengths_[r],
                            .list = &lists_[r * sparse_.blocks]},
                           sparse_);
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
  // The sparse product adds to its result, so the result begins as the bias.
  for (std::size_t r = 0; r < rows_; ++r) std::copy_n(start, stride, c + r * stride);
  kernels_.sparse_multiply({.inputs = sparse_, .b = weights, .c = c, .stride = stride});
}

void BatchInputs::Gradient(const float* d, std::size_t stride, float* c) {
  // A processor waits for some 20 lines at a time: so the next batch is fetched little by little.
  const std::size_t step = is_sparse_ ? 4 * kInputBlock : kernels_.tile_rows;
  const std::size_t lines = fetcher_.lines() * step / features_ + 1;
  for (std::size_t first = 0; first < features_; first += step) {
    fetcher_.Fetch(lines);
    GradientRows(first, std::min(step, features_ - first), d, stride, c);
  }
}

void BatchInputs::GradientRows(std::size_t first, std::size_t count, const float* d,
                               std::size_t stride, float* c) const {
  if (is_sparse_) {
    const std::size_t block = first / kInputBlock, at = block * sparse_.capacity;
    kernels_.sparse_gradient({.inputs = {.blocks = count / kInputBlock,
                                         .capacity = sparse_.capacity,
                                         .counts = sparse_.counts + block,
                                         .examples = sparse_.examples + at,
                                         .values = sparse_.values + at * kInputBlock},
                              .b = d,
                              .c = c + first * stride,
                              .stride = stride});
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
