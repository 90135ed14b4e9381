#include "math/weighted_sums.h"

#include <algorithm>

namespace delstep {

void WeightedSums(const Kernels& kernels, std::span<const WeightedSum> sums, std::size_t columns,
                  Workers& workers) {
  // A block of a row is 1 KiB: those of a few hundred rows stay in the cache while every sum reads
  // them.
  constexpr std::size_t kBlock = 256;
  const std::size_t blocks = (columns + kBlock - 1) / kBlock;
  workers.ForEach(blocks, [&](int, std::size_t block) {
    const std::size_t begin = block * kBlock;
    const std::size_t end = std::min(columns, begin + kBlock);
    for (const WeightedSum& sum : sums)
      kernels.weighted_sum(sum.terms.size(), sum.terms.data(), begin, end, sum.out);
  });
}

}  // namespace delstep
