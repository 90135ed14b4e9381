#pragma once
/// Mean, deviation and percentiles of some values.
#include <vector>

#include "delstep/simulation.h"

namespace delstep {

/// Linear interpolation between the nearest ranks (numpy's default). `sorted` is ascending and not
/// empty; 0 <= share <= 1.
double Percentile(const std::vector<double>& sorted, double share);

/// All 0 for no values.
Spread SpreadOf(std::vector<double> values);

}  // namespace delstep
