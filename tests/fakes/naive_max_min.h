#pragma once
/// Max-min fair rates in the plainest way: an oracle for network/builtin/max_min.h.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "network/builtin/max_min.h"

namespace delstep::fakes {

/// Raises all rates together until the next one must stop.
inline std::vector<double> NaiveMaxMinRates(const std::vector<Demand>& demands,
                                            const std::vector<double>& capacities) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  std::vector<double> rates(demands.size(), 0);
  std::vector<bool> stopped(demands.size());
  const auto uses = [&](std::size_t d, std::size_t r) {
    return demands[d].up == r || demands[d].down == r;
  };
  for (std::size_t left = demands.size(); left > 0;) {
    double step = kInfinite;
    for (std::size_t d = 0; d < demands.size(); ++d)
      if (!stopped[d]) step = std::min(step, demands[d].limit - rates[d]);
    const auto room = [&](std::size_t r) {
      double used = 0, growing = 0;
      for (std::size_t d = 0; d < demands.size(); ++d)
        if (uses(d, r)) used += rates[d], growing += !stopped[d];
      return growing > 0 ? (capacities[r] - used) / growing : kInfinite;
    };
    for (std::size_t r = 0; r < capacities.size(); ++r) step = std::min(step, room(r));
    for (std::size_t d = 0; d < demands.size(); ++d)
      if (!stopped[d]) rates[d] += step;
    if (std::isinf(step)) return rates;
    const std::size_t before = left;
    std::vector<bool> full(capacities.size());
    for (std::size_t r = 0; r < capacities.size(); ++r)
      full[r] = !std::isinf(capacities[r]) && room(r) <= 1e-9 * capacities[r];
    for (std::size_t d = 0; d < demands.size(); ++d)
      if (!stopped[d] && (full[demands[d].up] || full[demands[d].down] ||
                          rates[d] >= demands[d].limit * (1 - 1e-12)))
        stopped[d] = true, --left;
    if (left == before) ADD_FAILURE() << "the oracle does not come to an end";
    if (left == before) return rates;
  }
  return rates;
}

}  // namespace delstep::fakes
