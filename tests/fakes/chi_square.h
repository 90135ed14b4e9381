#pragma once
/// Are draws uniform? Pearson's chi-square test, for tests of what is drawn.
#include <cmath>
#include <cstddef>
#include <span>

namespace delstep {

/// Sum of (observed - expected)^2 / expected, where all cells are equally likely.
inline double ChiSquareOfUniform(std::span<const std::size_t> observed) {
  double draws = 0;
  for (const std::size_t count : observed) draws += static_cast<double>(count);
  const double expected = draws / static_cast<double>(observed.size());
  double sum = 0;
  for (const std::size_t count : observed) {
    const double difference = static_cast<double>(count) - expected;
    sum += difference * difference / expected;
  }
  return sum;
}

/// What a chi-square variable with `freedom` degrees of freedom exceeds with probability 1e-6.
/// Wilson and Hilferty 1931: its cube root, divided by that of `freedom`, is nearly normal with
/// mean 1 - v and variance v = 2 / (9 freedom); a normal variable exceeds 4.7534 deviations with
/// probability 1e-6. (From 4 degrees of freedom on this is right to 1 %.)
inline double ChiSquareCriticalValue(std::size_t freedom) {
  const double v = 2 / (9 * static_cast<double>(freedom));
  return static_cast<double>(freedom) * std::pow(1 - v + 4.7534 * std::sqrt(v), 3);
}

}  // namespace delstep
