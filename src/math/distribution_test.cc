#include "delstep/distribution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace delstep {
namespace {

using Kind = Distribution::Kind;

constexpr int kDraws = 20'000;

std::vector<double> Draws(const Distribution& distribution, int count = kDraws) {
  Random random(MakeKey(7, Purpose::kCompute, 1, 1));
  std::vector<double> draws;
  for (int i = 0; i < count; ++i) draws.push_back(distribution.Draw(random));
  return draws;
}

/// Of n draws the share below a quantile q is q, with a sigma of sqrt(q (1 - q) / n).
void ExpectQuantile(const std::vector<double>& draws, double q, double value) {
  const auto below = std::ranges::count_if(draws, [&](double draw) { return draw < value; });
  const auto n = static_cast<double>(draws.size());
  EXPECT_NEAR(static_cast<double>(below) / n, q, 4 * std::sqrt(q * (1 - q) / n)) << value;
}

void ExpectMean(const std::vector<double>& draws, double mean, double deviation) {
  double sum = 0;
  for (const double draw : draws) sum += draw;
  const auto n = static_cast<double>(draws.size());
  EXPECT_NEAR(sum / n, mean, 4 * deviation / std::sqrt(n));
}

TEST(Distribution, AConstantIsItself) {
  const Distribution constant{.a = 2.5};
  EXPECT_TRUE(constant.constant());
  EXPECT_EQ(Draws(constant, 3), (std::vector<double>{2.5, 2.5, 2.5}));
  EXPECT_EQ(constant.mean(), 2.5);
  EXPECT_EQ(constant.least(), 2.5);
  EXPECT_EQ(constant.greatest(), 2.5);
}

TEST(Distribution, UniformFillsItsRange) {
  const Distribution uniform{.kind = Kind::kUniform, .a = 2, .b = 6};
  const auto draws = Draws(uniform);
  EXPECT_GE(std::ranges::min(draws), 2);
  EXPECT_LT(std::ranges::max(draws), 6);
  ExpectMean(draws, 4, 4 / std::sqrt(12.0));
  ExpectQuantile(draws, 0.25, 3);
  EXPECT_EQ(uniform.mean(), 4);
  EXPECT_EQ(uniform.least(), 2);
  EXPECT_EQ(uniform.greatest(), 6);
}

TEST(Distribution, ExponentialHasItsMeanAndMedian) {
  const Distribution exponential{.kind = Kind::kExponential, .a = 1800};
  const auto draws = Draws(exponential);
  ExpectMean(draws, 1800, 1800);
  ExpectQuantile(draws, 0.5, 1800 * std::log(2.0));
  EXPECT_EQ(exponential.mean(), 1800);
  EXPECT_EQ(exponential.least(), 0);
  EXPECT_TRUE(std::isinf(exponential.greatest()));
}

TEST(Distribution, WeibullHasItsMeanAndQuantiles) {
  for (const double shape : {0.5, 0.6, 1.0, 2.0, 5.0}) {
    const Distribution weibull{.kind = Kind::kWeibull, .a = shape, .b = 30};
    const auto draws = Draws(weibull);
    // Scale: mean / Gamma(1 + 1/k); variance: scale^2 Gamma(1 + 2/k) - mean^2; the q-quantile is
    // scale * (-ln(1 - q))^(1/k). Here the C library may be used.
    const double scale = 30 / std::tgamma(1 + 1 / shape);
    ExpectMean(draws, 30, std::sqrt(scale * scale * std::tgamma(1 + 2 / shape) - 900));
    for (const double q : {0.1, 0.5, 0.9})
      ExpectQuantile(draws, q, scale * std::pow(-std::log(1 - q), 1 / shape));
    EXPECT_EQ(weibull.mean(), 30);
  }
}

TEST(Distribution, WeibullUsesAnAccurateGammaFunction) {
  // Of the same stream, the exponential draw E and the Weibull draw b / Gamma(1 + 1/k) * E^(1/k):
  // so Gamma(x) can be read off to the last digits, and compared with values that are known.
  const auto gamma_of = [](double x) {
    const double shape = 1 / (x - 1);
    const double e = Draws({.kind = Kind::kExponential, .a = 1}, 1)[0];
    const double w = Draws({.kind = Kind::kWeibull, .a = shape, .b = 1}, 1)[0];
    return std::pow(e, 1 / shape) / w;
  };
  const double root_of_pi = std::sqrt(3.14159265358979323846);
  const std::pair<double, double> known[] = {
      {1.5, root_of_pi / 2},          // shape 2
      {2, 1},                         // the exponential distribution
      {3, 2},                         // shape 1/2
      {3.5, 15 * root_of_pi / 8},     // Gamma(7/2)
      {11, 3628800},                  // 10!
      {8.0 / 3, 1.5045754882515560},  // shape 0.6, that of sessions of peers
      {101, 9.332621544394415e157},   // 100!, the smallest shape that may be written
  };
  for (const auto& [x, value] : known) EXPECT_NEAR(gamma_of(x) / value, 1, 1e-12) << x;
}

TEST(Distribution, LogNormalHasItsMedianAndSpread) {
  const Distribution log_normal{.kind = Kind::kLogNormal, .a = 20, .b = 0.6};
  const auto draws = Draws(log_normal);
  // z(0.95) = 1.6449: p95/p50 = 2.68, p95/p5 = 7.2.
  ExpectQuantile(draws, 0.5, 20);
  ExpectQuantile(draws, 0.95, 20 * 2.6831);
  ExpectQuantile(draws, 0.05, 20 / 2.6831);
  // Mean m = 20 exp(0.18) = 23.94, deviation m sqrt(exp(0.36) - 1).
  const double mean = 20 * std::exp(0.18);
  ExpectMean(draws, mean, mean * std::sqrt(std::exp(0.36) - 1));
  EXPECT_NEAR(log_normal.mean(), mean, 1e-12 * mean);
  EXPECT_EQ(log_normal.least(), 0);
}

TEST(Distribution, ClassesAreEquallyLikely) {
  const Distribution classes{.kind = Kind::kClasses, .classes = {10, 1, 3}};
  const auto draws = Draws(classes);
  for (const double value : classes.classes)
    EXPECT_NEAR(static_cast<double>(std::ranges::count(draws, value)), kDraws / 3.0,
                4 * std::sqrt(kDraws * 2 / 9.0));
  EXPECT_NEAR(classes.mean(), 14 / 3.0, 1e-12);
  EXPECT_EQ(classes.least(), 1);
  EXPECT_EQ(classes.greatest(), 10);
}

TEST(Distribution, NothingIsNegativeOrUndefined) {
  for (const Distribution& distribution :
       {Distribution{.kind = Kind::kWeibull, .a = 0.01, .b = 1e9},
        Distribution{.kind = Kind::kWeibull, .a = 100, .b = 1e9},
        Distribution{.kind = Kind::kLogNormal, .a = 1e9, .b = 100},
        Distribution{.kind = Kind::kExponential, .a = 0}, Distribution{.kind = Kind::kUniform}})
    for (const double draw : Draws(distribution, 1000)) EXPECT_GE(draw, 0);
}

}  // namespace
}  // namespace delstep
