#pragma once
/// Mean, deviation and percentiles of some values.
#include <vector>

#include "delstep/simulation.h"

namespace delstep {

/// Percentiles interpolate linearly between the nearest ranks (numpy's default). All 0 for no
/// values.
Spread SpreadOf(std::vector<double> values);

}  // namespace delstep
