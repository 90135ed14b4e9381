#include "aggregation/ranks.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <vector>

namespace delstep {
namespace {

constexpr std::size_t kColumns = 64;
using Keys = std::array<std::int32_t, kColumns>;  // the same coordinates of one model

// Integers in the total order of floats; a sort of integers has no NaN to trip over. Its own
// inverse.
std::int32_t Flip(std::int32_t bits) { return bits ^ ((bits >> 31) & 0x7fffffff); }

// Branch-free, so that 64 columns take a few vector instructions.
void CompareExchange(std::int32_t* __restrict low, std::int32_t* __restrict high) {
  for (std::size_t c = 0; c < kColumns; ++c) {
    const std::int32_t smaller = std::min(low[c], high[c]);
    high[c] = std::max(low[c], high[c]);
    low[c] = smaller;
  }
}

// Sorts every column. A network compares the same rows in every column, so that columns are sorted
// side by side.
void SortColumns(std::span<Keys> rows) {
  // Batcher's merge exchange (Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M). It
  // works for any number of rows.
  const std::size_t top = std::bit_ceil(rows.size()) / 2;
  for (std::size_t p = top; p > 0; p /= 2) {
    std::size_t remainder = 0;
    std::size_t distance = p;
    for (std::size_t q = top;; q /= 2) {
      for (std::size_t i = 0; i + distance < rows.size(); ++i) {
        if ((i & p) == remainder) CompareExchange(rows[i].data(), rows[i + distance].data());
      }
      if (q == p) break;
      distance = q - p;
      remainder = p;
    }
  }
}

}  // namespace

void MeanOfRanks(std::span<const PeerModel> models, std::size_t first, std::size_t last,
                 std::span<float> out) {
  assert(first < last && last <= models.size());
  const auto value = [](std::int32_t key) {
    return static_cast<double>(std::bit_cast<float>(Flip(key)));
  };
  // One block of columns at a time: m models by 64 columns stay in the cache.
  std::vector<Keys> rows(models.size());
  for (std::size_t begin = 0; begin < out.size(); begin += kColumns) {
    const std::size_t columns = std::min(kColumns, out.size() - begin);
    for (std::size_t k = 0; k < models.size(); ++k) {
      const float* model = models[k].model.data() + begin;
      for (std::size_t c = 0; c < columns; ++c) {
        rows[k][c] = Flip(std::bit_cast<std::int32_t>(model[c]));
      }
    }
    SortColumns(rows);

    // In double and by rank, so that the order of the peers changes no bit.
    std::array<double, kColumns> sums;
    std::ranges::transform(rows[first], sums.begin(), value);
    for (std::size_t rank = first + 1; rank < last; ++rank) {
      for (std::size_t c = 0; c < kColumns; ++c) sums[c] += value(rows[rank][c]);
    }
    const auto count = static_cast<double>(last - first);
    for (std::size_t c = 0; c < columns; ++c) {
      out[begin + c] = static_cast<float>(sums[c] / count);
    }
  }
}

}  // namespace delstep
