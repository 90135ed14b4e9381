#include "delstep/distribution.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "math/elementary.h"

namespace delstep {
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
