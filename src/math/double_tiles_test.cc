#include "math/double_tiles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "delstep/random.h"
#include "math/kernels.h"

namespace delstep {
namespace {

// Had a product not been rounded before it was added, some of these sums would differ.
TEST(DoubleTiles, EachProductAndEachSumIsRoundedByItself) {
  Random random(RandomKey{5});
  std::vector<TileRow> rows(9);
  for (TileRow& row : rows)
    for (double& number : row.columns) number = random.Uniform(-1, 1);
  std::vector<TileTerm> terms;
  for (const std::uint32_t row : {3u, 0u, 8u, 3u, 5u})
    terms.push_back({.weight = random.Uniform(-1, 1), .row = row});
  for (const TileKernels& kernels : RunnableTileKernels()) {
    SCOPED_TRACE(kernels.name);
    TileRow sums = {}, largest = {}, again;
    sums.columns[2] = 0.25;
    largest.columns[1] = 7;
    kernels.add_rows(terms, rows.data(), sums, again);
    kernels.add_rows(terms, rows.data(), sums, sums);
    kernels.take_largest(terms, rows.data(), largest, largest);
    for (std::size_t c = 0; c < kTileColumns; ++c) {
      double sum = c == 2 ? 0.25 : 0, most = c == 1 ? 7 : 0;
      for (const TileTerm& term : terms) {
        const volatile double product = term.weight * rows[term.row].columns[c];
        sum += product;
        most = std::max(most, rows[term.row].columns[c]);
      }
      EXPECT_EQ(sums.columns[c], sum) << c;
      EXPECT_EQ(again.columns[c], sum) << c;
      EXPECT_EQ(largest.columns[c], most) << c;
    }
  }
}

TEST(DoubleTiles, AreChosenAsTheKernelsAre) {
  ASSERT_EQ(RunnableTileKernels().size(), RunnableKernels().size());
  for (std::size_t i = 0; i < RunnableKernels().size(); ++i)
    EXPECT_STREQ(RunnableTileKernels()[i].name, RunnableKernels()[i]->name);
}

}  // namespace
}  // namespace delstep
