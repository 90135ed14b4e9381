#pragma once
/// Weighted sums of many model rows at once: what every linear rule of aggregation comes to.
#include <cstddef>
#include <span>

#include "delstep/learner.h"
#include "math/kernels.h"

namespace delstep {

/// out[c] = sum over the terms, in list order, of weight * row[c], for each column c.
/// The span refers to memory of the caller. No term: zeros.
struct WeightedSum {
  std::span<const WeightedTerm> terms;
  float* out = nullptr;
};

/// Forms all sums over `columns` floats a row; rows are read in place. A row may serve many sums,
/// and one sum more than once; no output overlaps a row of any term or another output. Any
/// alignment will do; 64 bytes is best.
///
/// Arithmetic: float32, one chain of multiply-and-add a column, in list order (fused where the
/// kernels fuse). So the bits depend on the list and on kernels.fused alone: not on the workers,
/// the columns around or the other sums. With weights that sum to 1 the error is below terms *
/// 2^-24 * the largest |row[c]|. Sums whose lists differ a little (by lost messages, say) are
/// formed together, with weights of 0 that change no bits: what is not finite in a row stays out of
/// sums that do not name it. Only a 0 may have the other sign, where a fused product below 2^-150
/// was rounded to it. Threads: uses `workers`, so never from inside a ForEach of the same workers.
void WeightedSums(const Kernels& kernels, std::span<const WeightedSum> sums, std::size_t columns,
                  Workers& workers);

}  // namespace delstep
