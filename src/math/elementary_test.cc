#include "math/elementary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "delstep/random.h"

namespace delstep {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// In units of the last place of the expected value; long double is the better one here.
double UlpsAway(double value, long double expected) {
  const auto rounded = static_cast<double>(expected);
  const double ulp = std::nextafter(std::abs(rounded), kInfinity) - std::abs(rounded);
  return std::abs(static_cast<double>((value - expected) / ulp));
}

TEST(Log, IsWithinOneUlp) {
  Random random(MakeKey(1, Purpose::kData));
  for (int i = 0; i < 200000; ++i) {
    const double x = std::ldexp(0.5 + random.Uniform(), static_cast<int>(random.Below(200)) - 100);
    ASSERT_LT(UlpsAway(Log(x), std::log(static_cast<long double>(x))), 1) << x;
  }
  for (int i = 0; i < 200000; ++i) {
    const double x = random.Uniform(0.5, 2);
    ASSERT_LT(UlpsAway(Log(x), std::log(static_cast<long double>(x))), 1) << x;
  }
}

TEST(Log, KnowsItsEnds) {
  EXPECT_EQ(Log(1), 0);
  EXPECT_EQ(Log(0), -kInfinity);
  EXPECT_TRUE(std::isnan(Log(-1)));
  EXPECT_EQ(Log(kInfinity), kInfinity);
  EXPECT_NEAR(Log(5e-324), -744.44007192138126, 1e-12);
}

TEST(Exp, IsWithinOneUlp) {
  Random random(MakeKey(2, Purpose::kData));
  for (int i = 0; i < 200000; ++i) {
    const double x = random.Uniform(-700, 700);
    ASSERT_LT(UlpsAway(Exp(x), std::exp(static_cast<long double>(x))), 1) << x;
  }
}

TEST(Exp, KnowsItsEnds) {
  EXPECT_EQ(Exp(0), 1);
  EXPECT_EQ(Exp(710), kInfinity);
  EXPECT_EQ(Exp(-746), 0);
  EXPECT_EQ(Exp(-kInfinity), 0);
  EXPECT_TRUE(std::isnan(Exp(std::nan(""))));
}

}  // namespace
}  // namespace delstep
