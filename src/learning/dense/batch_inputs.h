#pragma once
/// The inputs of a mini-batch, dense or without the zeros that the products may skip.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "delstep/data.h"
#include "math/aligned_floats.h"
#include "math/kernels.h"

namespace delstep {

/// Fetches examples of a data set into the cache a few lines at a time, while something else is
/// computed: they lie in random places of it, and the processor cannot foresee the next.
class Fetcher {
 public:
  /// The data set outlives the fetching; `examples` are looked at until the next Start().
  void Start(const Dataset& dataset, std::span<const std::uint32_t> examples);
  std::size_t lines() const { return examples_.size() * ((size_ + kLine - 1) / kLine); }
  void Fetch(std::size_t lines);

 private:
  static constexpr std::size_t kLine = 64;

  const char* begin_ = nullptr;
  std::size_t size_ = 0;    // bytes of an example
  std::size_t offset_ = 0;  // in the first of examples_
  std::span<const std::uint32_t> examples_;
};

/// Grows to the largest batch seen and is reused.
///
/// Skipping zeros is exact: a product with 0 adds 0. Whether it is worth while is decided for each
/// batch by its data alone, and both ways give the same bits (but for the sign of a zero, and where
/// a weight is not finite, which training and evaluation report anyway).
class BatchInputs {
 public:
  explicit BatchInputs(const Kernels& kernels) : kernels_(kernels) {}

  /// Those that come `next` are fetched into the cache by Gradient(), or, where none follows, by
  /// Multiply().
  void Gather(const Dataset& dataset, std::span<const std::uint32_t> examples,
              std::span<const std::uint32_t> next = {});
  /// c = start + inputs * weights, an example a row; both are `stride` wide. `is_last`: nobody will
  /// ask for the gradient.
  void Multiply(const float* weights, const float* start, std::size_t stride, bool is_last,
                float* c);
  /// c = inputs^T * d, a feature a row.
  void Gradient(const float* d, std::size_t stride, float* c);

 private:
  void Reserve(std::size_t examples, std::size_t features);
  SparseInputs Blocks(std::size_t first, std::size_t count) const;
  void GradientRows(std::size_t first, std::size_t count, const float* d, std::size_t stride,
                    float* c) const;
  bool GatherSparse(const Dataset& dataset, std::span<const std::uint32_t> examples);

  const Kernels& kernels_;
  std::size_t rows_ = 0, features_ = 0, capacity_ = 0;
  bool is_sparse_ = false;
  Fetcher fetcher_;
  AlignedFloats dense_;  // [example][feature]; filled unless the batch is sparse
  SparseInputs sparse_;  // points into the next ones
  AlignedFloats values_;
  std::vector<std::uint32_t> starts_, examples_, scratch_;
  std::vector<const std::uint8_t*> features_of_;  // each example of a batch of bytes
};

}  // namespace delstep
