#include "delstep/distribution.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "math/elementary.h"

namespace delstep {
namespace {

/// Gamma(x) for x in [1, 101], by Lanczos' approximation (g = 7, n = 9; Lanczos 1964, coefficients
/// of Godfrey 2001): within 1e-13 of it. The C library's is not the same on all machines.
double Gamma(double x) {
  constexpr double kCoefficients[] = {0.99999999999980993,     676.5203681218851,
                                      -1259.1392167224028,     771.32342877765313,
                                      -176.61502916214059,     12.507343278686905,
                                      -0.13857109526572012,    9.9843695780195716e-6,
                                      1.5056327351493116e-7};
  const double shifted = x - 1;
  double sum = kCoefficients[0];
  for (int i = 1; i < 9; ++i) sum += kCoefficients[i] / (shifted + i);
  const double t = shifted + 7.5;
  constexpr double kRootOfTwoPi = 2.5066282746310002;
  return kRootOfTwoPi * Exp((shifted + 0.5) * Log(t) - t) * sum;
}

}  // namespace

double Distribution::Draw(Random& random) const {
  switch (kind) {
    case Kind::kConstant:
      break;
    case Kind::kUniform:
      return random.Uniform(a, b);
    case Kind::kExponential:
      return a * random.Exponential();
    case Kind::kWeibull: {
      // E is 0 once in 2^53 draws, and 0^(1/shape) is 0.
      const double e = random.Exponential();
      return e > 0 ? b / Gamma(1 + 1 / a) * Exp(Log(e) / a) : 0;
    }
    case Kind::kLogNormal:
      return a * Exp(b * random.Normal());
    case Kind::kClasses:
      return classes[static_cast<std::size_t>(random.Below(classes.size()))];
  }
  return a;
}

double Distribution::least() const {
  switch (kind) {
    case Kind::kConstant:
    case Kind::kUniform:
      return a;
    case Kind::kClasses:
      return std::ranges::min(classes);
    case Kind::kExponential:
    case Kind::kWeibull:
    case Kind::kLogNormal:
      break;
  }
  return 0;
}

double Distribution::greatest() const {
  switch (kind) {
    case Kind::kConstant:
      return a;
    case Kind::kUniform:
      return b;
    case Kind::kClasses:
      return std::ranges::max(classes);
    case Kind::kExponential:
    case Kind::kWeibull:
    case Kind::kLogNormal:
      break;
  }
  return std::numeric_limits<double>::infinity();
}

double Distribution::mean() const {
  switch (kind) {
    case Kind::kConstant:
    case Kind::kExponential:
      return a;
    case Kind::kUniform:
      return (a + b) / 2;
    case Kind::kWeibull:
      return b;
    case Kind::kLogNormal:
      return a * Exp(b * b / 2);
    case Kind::kClasses:
      break;
  }
  double sum = 0;
  for (const double value : classes) sum += value;
  return sum / static_cast<double>(classes.size());
}

}  // namespace delstep
