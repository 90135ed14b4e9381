#include "aggregation/ranks.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "delstep/random.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;

using Rows = std::vector<std::vector<float>>;

std::vector<float> Ranked(const Rows& rows, std::size_t first, std::size_t last) {
  std::vector<PeerModel> models;
  for (const auto& row : rows) models.push_back({.model = row});
  std::vector<float> out(rows[0].size());
  MeanOfRanks(models, first, last, out);
  return out;
}

TEST(MeanOfRanks, SortsEveryPatternOfZerosAndOnes) {
  // What sorts all of these sorts everything (the zero-one principle); column c holds the bits of
  // c.
  for (std::size_t m = 1; m <= 11; ++m) {
    const std::size_t columns = std::size_t{1} << m;
    Rows rows(m, std::vector<float>(columns));
    for (std::size_t k = 0; k < m; ++k) {
      for (std::size_t c = 0; c < columns; ++c) rows[k][c] = static_cast<float>(c >> k & 1);
    }
    for (std::size_t rank = 0; rank < m; ++rank) {
      const std::vector<float> values = Ranked(rows, rank, rank + 1);
      for (std::size_t c = 0; c < columns; ++c) {
        const auto ones = static_cast<std::size_t>(std::popcount(c));
        ASSERT_EQ(values[c], rank >= m - ones ? 1.0f : 0.0f) << m << " models, column " << c;
      }
    }
  }
}

TEST(MeanOfRanks, AgreesWithStdSortOnRandomModelsOfAnyLength) {
  for (const std::size_t length : {1u, 63u, 64u, 65u, 200u}) {
    constexpr std::size_t kModels = 37;
    Random random(MakeKey(1, Purpose::kInitialise, length));
    Rows rows(kModels, std::vector<float>(length));
    for (auto& row : rows) {
      for (float& value : row) value = static_cast<float>(random.Uniform() - 0.5);
    }
    const std::vector<float> thirds = Ranked(rows, 2, 3);
    for (std::size_t c = 0; c < length; ++c) {
      std::vector<float> column;
      for (const auto& row : rows) column.push_back(row[c]);
      std::ranges::sort(column);
      ASSERT_EQ(thirds[c], column[2]);
    }
  }
}

TEST(MeanOfRanks, AveragesTheRanksAsked) {
  EXPECT_THAT(Ranked({{9}, {1}, {4}, {2}}, 1, 3), ElementsAre(3));
  EXPECT_THAT(Ranked({{9}, {1}, {4}, {2}}, 0, 4), ElementsAre(4));
}

TEST(MeanOfRanks, DoesNotOverflowBetweenLargeValues) {
  const float largest = std::numeric_limits<float>::max();
  EXPECT_THAT(Ranked({{largest}, {largest}}, 0, 2), ElementsAre(largest));
}

TEST(MeanOfRanks, PutsNansBeyondTheInfinities) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const Rows rows{{nan}, {infinity}, {0.0f}, {-nan}, {-0.0f}, {-infinity}, {-1}};
  EXPECT_TRUE(std::isnan(Ranked(rows, 0, 1)[0]));
  EXPECT_EQ(Ranked(rows, 1, 2)[0], -infinity);
  EXPECT_EQ(Ranked(rows, 2, 3)[0], -1);
  EXPECT_TRUE(std::signbit(Ranked(rows, 3, 4)[0]));
  EXPECT_FALSE(std::signbit(Ranked(rows, 4, 5)[0]));
  EXPECT_EQ(Ranked(rows, 5, 6)[0], infinity);
  EXPECT_TRUE(std::isnan(Ranked(rows, 6, 7)[0]));
}

}  // namespace
}  // namespace delstep
