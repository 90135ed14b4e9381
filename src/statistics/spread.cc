#include "statistics/spread.h"

#include <algorithm>
#include <cmath>

namespace delstep {

double Percentile(const std::vector<double>& sorted, double share) {
  // Linear interpolation between neighbours, as numpy.percentile does by default.
  const double rank = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (rank - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Spread SpreadOf(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const auto count = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  // Two passes: sum of squares minus square of the sum would lose what is small.
  for (const double value : values) sum += value;
  const double mean = sum / count;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {.count = values.size(),
          .mean = mean,
          .std = std::sqrt(squares / count),
          .min = values.front(),
          .max = values.back(),
          .p10 = Percentile(values, 0.1),
          .p50 = Percentile(values, 0.5),
          .p90 = Percentile(values, 0.9)};
}

}  // namespace delstep
