#include "mobility/in_range.h"

#include <gtest/gtest.h>

#include "mobility/mobility_test_tools.h"

namespace delstep {
namespace {

const Leg kOrigin{};

Leg Way(double begins, double ends, Position from, double vx, double vy) {
  return {.begins = At(begins), .ends = At(ends), .from = from, .vx = vx, .vy = vy};
}

TEST(InRange, IsExactToTheNanosecond) {
  // 50 m/s through the middle of a circle of 100 m: from 500 m away, in after 8 s, out after 12 s.
  EXPECT_EQ(InRange(kOrigin, Way(2, 100, {-500, 0}, 50, 0), 100), (Span{At(10), At(14)}));
  // 60 m beside the middle the chord is 2 * 80 m: 3.2 s.
  EXPECT_EQ(InRange(kOrigin, Way(0, 100, {-500, 60}, 50, 0), 100), (Span{At(8.4), At(11.6)}));
  // The same seen from a node that moves along.
  EXPECT_EQ(InRange(Way(0, 100, {7e5, 3}, -10, 4), Way(0, 100, {7e5 - 500, 63}, 40, 4), 100),
            (Span{At(8.4), At(11.6)}));
  // A third of a second is not a whole number of nanoseconds.
  EXPECT_EQ(InRange(kOrigin, Way(0, 100, {-2, 0}, 3, 0), 1),
            (Span{SimTime{Duration(333'333'333)}, At(1)}));
}

TEST(InRange, IsPartOfTheTimeCommonToBoth) {
  EXPECT_EQ(InRange(kOrigin, Way(9, 11, {-50, 0}, 50, 0), 100), (Span{At(9), At(11)}));
  EXPECT_EQ(InRange(Way(0, 10, {}, 0, 0), Way(5, 30, {-600, 0}, 100, 0), 100), std::nullopt);
  EXPECT_EQ(InRange(Way(0, 11, {}, 0, 0), Way(5, 30, {-600, 0}, 100, 0), 100),
            (Span{At(10), At(11)}));
  EXPECT_EQ(InRange(Way(0, 5, {}, 0, 0), Way(5, 9, {}, 0, 0), 100), std::nullopt);
}

TEST(InRange, HoldsForEverOrNeverAtRest) {
  Leg other{.from = {60, 80}};
  EXPECT_EQ(InRange(kOrigin, other, 100), (Span{SimTime{}, SimTime::max()})) << "at the rim";
  EXPECT_EQ(InRange(kOrigin, other, 99.999), std::nullopt);
  EXPECT_EQ(InRange(Way(0, 9, {}, 3, 1), Way(2, 9, {7, 2}, 3, 1), 2), (Span{At(2), At(9)}));
  other.present = false;
  EXPECT_EQ(InRange(kOrigin, other, 1000), std::nullopt);
}

TEST(InRange, DoesNotCountATouch) {
  EXPECT_EQ(InRange(kOrigin, Way(0, 100, {-500, 100}, 50, 0), 100), std::nullopt);
  // In for less than a nanosecond, at the end of the way.
  EXPECT_EQ(InRange(kOrigin, Way(0, 8, {-500, 0}, 50, 0), 100), std::nullopt);
  EXPECT_TRUE(InRange(kOrigin, Way(0, 8.000000001, {-500, 0}, 50, 0), 100));
}

TEST(InRange, KeepsItsPrecisionFarFromTheOrigin) {
  // 10^7 m away and 10^6 s before the meeting: half of 10^-9 of the way is 5 mm.
  const auto span = InRange(Leg{.from = {1e7, 1e7}}, Way(0, 3e6, {0, 1e7}, 10, 0), 100);
  ASSERT_TRUE(span);
  EXPECT_EQ(*span, (Span{At(999'990), At(1'000'010)}));
}

}  // namespace
}  // namespace delstep
