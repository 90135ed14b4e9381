#include "math/float_functions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace delstep {
namespace {

/// The distance of a float from the true value in units of the float's last place.
double Ulps(float got, double exact) {
  const float nearest = static_cast<float>(exact);
  const double unit = std::nextafter(std::abs(nearest), INFINITY) - std::abs(nearest);
  return std::abs(got - exact) / unit;
}

TEST(FloatFunctions, ExpIsWithinTwoUlps) {
  double worst = 0;
  for (double x = -87; x <= 88; x += 0.00037)
    worst = std::max(worst, Ulps(FloatExp(static_cast<float>(x)),
                                 std::exp(static_cast<double>(static_cast<float>(x)))));
  EXPECT_LE(worst, 2);
  EXPECT_EQ(FloatExp(0), 1);
  EXPECT_EQ(FloatExp(-88), 0);
  EXPECT_EQ(FloatExp(-std::numeric_limits<float>::infinity()), 0);
  EXPECT_EQ(FloatExp(-3e38f), 0);
  EXPECT_EQ(FloatExp(89), std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(FloatExp(std::nanf(""))));
}

TEST(FloatFunctions, LogIsWithinTwoUlps) {
  double worst = 0;
  for (double x = 1e-30; x < 1e30; x *= 1.0003) {
    const float f = static_cast<float>(x);
    const double exact = std::log(static_cast<double>(f));
    if (std::abs(exact) > 0.5)
      worst = std::max(worst, Ulps(FloatLog(f), exact));
    else
      EXPECT_NEAR(FloatLog(f), exact, 0x1p-24) << f;
  }
  EXPECT_LE(worst, 2);
  EXPECT_EQ(FloatLog(1), 0);
  EXPECT_EQ(FloatLog(std::numeric_limits<float>::infinity()),
            std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(FloatLog(std::nanf(""))));
}

TEST(FloatFunctions, TanhIsOddAndWithinThreeUlps) {
  double worst = 0;
  for (double x = 1e-10; x < 20; x *= 1.0003) {
    const float f = static_cast<float>(x);
    worst = std::max(worst, Ulps(FloatTanh(f), std::tanh(static_cast<double>(f))));
    EXPECT_EQ(FloatTanh(-f), -FloatTanh(f));
  }
  EXPECT_LE(worst, 3);
  EXPECT_EQ(FloatTanh(0), 0);
  EXPECT_EQ(FloatTanh(100), 1);
  EXPECT_EQ(FloatTanh(-std::numeric_limits<float>::infinity()), -1);
  EXPECT_TRUE(std::isnan(FloatTanh(std::nanf(""))));
}

}  // namespace
}  // namespace delstep
