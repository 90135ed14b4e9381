#pragma once
#include <cstddef>
#include <span>

#include "delstep/aggregator.h"

namespace delstep {

/// out[c] = mean of the values ranked [first, last) among coordinate c of the models in ascending
/// order; summed in double precision in that order. Requires first < last <= models.size().
///
/// The order is IEEE 754's totalOrder: -NaN < -infinity < ... < -0 < +0 < ... < +infinity < +NaN.
/// Takes O(m log^2 m) vector operations for m models and m * 256 bytes of memory.
/// Source of the sort: Batcher's merge exchange, Knuth, The Art of Computer Programming 3,
/// algorithm 5.2.2M.
void MeanOfRanks(std::span<const PeerModel> models, std::size_t first, std::size_t last,
                 std::span<float> out);

}  // namespace delstep
