#include "math/elementary.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace delstep {
namespace {

// ln 2 in two parts: the high one has 32 bits, so that its product with an exponent is exact.
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;

}  // namespace

double Log(double x) {
  if (!(x > 0)) return x == 0 ? -std::numeric_limits<double>::infinity() : std::nan("");
  if (std::isinf(x)) return x;
  int exponent = 0;
  double m = std::frexp(x, &exponent);  // x = m * 2^exponent, m in [0.5, 1)
  if (m < 0.70710678118654752) {
    m *= 2;
    --exponent;
  }
  // log m = 2 atanh(s) with s = f / (2 + f), f = m - 1: an odd series in s, |s| < 0.1716. With R =
  // the series without its first term, log(1 + f) = f - f^2/2 + s (f^2/2 + R) keeps the bits of f.
  const double f = m - 1;
  const double s = f / (2 + f);
  const double z = s * s;
  double series = 0;
  for (int k = 21; k >= 3; k -= 2) series = z * (series + 2.0 / k);
  const double half = 0.5 * f * f;
  const double e = exponent;
  return e * kLn2High - ((half - (s * (half + series) + e * kLn2Low)) - f);
}

double Exp(double x) {
  if (std::isnan(x)) return x;
  if (x > 709.782712893384) return std::numeric_limits<double>::infinity();
  if (x < -745.1332191019412) return 0;
  constexpr double kInverseLn2 = 1.44269504088896338700;
  const double k = std::nearbyint(x * kInverseLn2);
  const double high = x - k * kLn2High;
  const double low = k * kLn2Low;
  const double r = high - low;  // |r| <= ln 2 / 2
  // e^r = 1 + r + r^2 (1/2! + r/3! + ...), the small terms first.
  constexpr double kInverseFactorials[] = {1.0 / 2,        1.0 / 6,         1.0 / 24,
                                           1.0 / 120,      1.0 / 720,       1.0 / 5040,
                                           1.0 / 40320,    1.0 / 362880,    1.0 / 3628800,
                                           1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800.0};
  double tail = 0;
  for (int i = 11; i >= 0; --i) tail = tail * r + kInverseFactorials[i];
  const double value = 1 + (high + (r * r * tail - low));
  return std::ldexp(value, static_cast<int>(k));
}

double Gamma(double x) {
  constexpr double kCoefficients[] = {
      0.99999999999980993,  676.5203681218851,     -1259.1392167224028,
      771.32342877765313,   -176.61502916214059,   12.507343278686905,
      -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7};
  const double shifted = x - 1;
  double sum = kCoefficients[0];
  for (int i = 1; i < 9; ++i) sum += kCoefficients[i] / (shifted + i);
  const double t = shifted + 7.5;
  constexpr double kRootOfTwoPi = 2.5066282746310002;
  return kRootOfTwoPi * Exp((shifted + 0.5) * Log(t) - t) * sum;
}

}  // namespace delstep
