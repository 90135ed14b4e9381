#include "math/row_tiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "delstep/random.h"
#include "math/kernels.h"

namespace delstep {
namespace {

/// Rows that lie apart, of which the second tile is taken.
template <class Number>
struct Rows {
  template <class Draw>
  Rows(std::size_t count, Draw draw) : numbers(count) {
    for (auto& row : numbers) {
      std::ranges::generate(row, draw);
      places.push_back(row.data());
    }
  }
  TileRows<Number> SecondTile() const { return {.rows = places.data(), .column = kTileColumns}; }
  Number At(std::uint32_t row, std::size_t c) const { return numbers[row][kTileColumns + c]; }

  std::vector<std::array<Number, 2 * kTileColumns>> numbers;
  std::vector<const Number*> places;
};

std::vector<TileTerm> Terms(Random& random) {
  std::vector<TileTerm> terms;
  for (const std::uint32_t row : {3u, 0u, 8u, 3u, 5u})
    terms.push_back({.weight = random.Uniform(-1, 1), .row = row});
  return terms;
}

// Had a product not been rounded before it was added, some of these sums would differ.
TEST(RowTiles, EachProductAndEachSumIsRoundedByItself) {
  Random random(RandomKey{5});
  const Rows<double> rows(9, [&] { return random.Uniform(-1, 1); });
  const std::vector<TileTerm> terms = Terms(random);
  for (const TileKernels& kernels : RunnableTileKernels()) {
    SCOPED_TRACE(kernels.name);
    TileOf<double> sums = {};
    sums[2] = 0.25;
    TileOf<double> apart;
    kernels.add_rows(terms, rows.SecondTile(), sums, apart);
    kernels.add_rows(terms, rows.SecondTile(), sums, sums);
    for (std::size_t c = 0; c < kTileColumns; ++c) {
      double sum = c == 2 ? 0.25 : 0;
      for (const TileTerm& term : terms) {
        const volatile double product = term.weight * rows.At(term.row, c);
        sum += product;
      }
      EXPECT_EQ(sums[c], sum) << c;
      EXPECT_EQ(apart[c], sum) << c;
    }
  }
}

TEST(RowTiles, TheLargestAndTheSmallestOfEachColumn) {
  Random random(RandomKey{6});
  // Both halves of the range: nothing may be compared without its sign.
  const Rows<std::int32_t> rows(9, [&] {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(random.Below(1ull << 32)));
  });
  const std::vector<TileTerm> terms = Terms(random);
  constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();
  for (const TileKernels& kernels : RunnableTileKernels()) {
    SCOPED_TRACE(kernels.name);
    TileOf<std::int32_t> largest, smallest;
    largest.fill(-kMost);
    smallest.fill(kMost);
    largest[1] = kMost;
    smallest[2] = -kMost;
    kernels.take_largest(terms, rows.SecondTile(), largest, largest);
    kernels.take_smallest(terms, rows.SecondTile(), smallest, smallest);
    for (std::size_t c = 0; c < kTileColumns; ++c) {
      std::int32_t most = c == 1 ? kMost : -kMost, least = c == 2 ? -kMost : kMost;
      for (const TileTerm& term : terms) {
        most = std::max(most, rows.At(term.row, c));
        least = std::min(least, rows.At(term.row, c));
      }
      EXPECT_EQ(largest[c], most) << c;
      EXPECT_EQ(smallest[c], least) << c;
    }
  }
}

TEST(RowTiles, AreChosenAsTheKernelsAre) {
  ASSERT_EQ(RunnableTileKernels().size(), RunnableKernels().size());
  for (std::size_t i = 0; i < RunnableKernels().size(); ++i)
    EXPECT_STREQ(RunnableTileKernels()[i].name, RunnableKernels()[i]->name);
}

}  // namespace
}  // namespace delstep
