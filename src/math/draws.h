#pragma once
/// What one `train` of one node draws from its key, whichever learner runs it.
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "delstep/random.h"

namespace delstep {

/// Puts the examples in the order of epoch `epoch`, which depends on no other epoch.
inline void OrderOfEpoch(RandomKey key, std::int64_t epoch, std::span<const std::uint32_t> examples,
                         std::vector<std::uint32_t>& order) {
  order.assign(examples.begin(), examples.end());
  Random random(Derive(Derive(key, 1), static_cast<std::uint64_t>(epoch)));
  random.Shuffle(std::span(order));
}

/// The words that dropout masks are made of, used in the order of batches and, in a batch, of
/// layers. A hidden layer's mask of a batch takes half a word an entry, as Kernels::dropout_mask
/// says, padding included.
inline Random DropoutWords(RandomKey key) { return Random(Derive(key, 2)); }

/// Dropout decides with 16 bits: an entry is dropped with probability DropThreshold(p) / 2^16,
/// which differs from p by less than 2^-16, and a kept one grows by the exact inverse of what is
/// kept.
inline std::uint32_t DropThreshold(double p) {
  return static_cast<std::uint32_t>(std::floor(p * 65536));
}
inline float KeptScale(double p) { return 65536.0f / static_cast<float>(65536 - DropThreshold(p)); }

}  // namespace delstep
