#include "statistics/spread.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

TEST(Spread, InterpolatesPercentilesAsNumpyDoes) {
  // Sorted: 1 2 3 4 10. p10 lies at rank 0.4: 1 + 0.4 * (2 - 1); p90 at rank 3.6: 4 + 0.6 * (10 -
  // 4).
  const Spread spread = SpreadOf({10, 3, 1, 4, 2});
  EXPECT_EQ(spread.count, 5u);
  EXPECT_DOUBLE_EQ(spread.mean, 4);
  EXPECT_DOUBLE_EQ(spread.p10, 1.4);
  EXPECT_DOUBLE_EQ(spread.p90, 7.6);
  EXPECT_EQ(spread.min, 1);
  EXPECT_EQ(spread.max, 10);
  EXPECT_DOUBLE_EQ(spread.std * spread.std, (9 + 4 + 1 + 0 + 36) / 5.0) << "of the population";
}

TEST(Spread, OfOneValueIsThatValue) {
  const Spread spread = SpreadOf({0.5});
  EXPECT_EQ(spread.p10, 0.5);
  EXPECT_EQ(spread.p90, 0.5);
  EXPECT_EQ(spread.std, 0);
}

TEST(Spread, OfNothingIsZero) { EXPECT_EQ(SpreadOf({}).count, 0u); }

}  // namespace
}  // namespace delstep
