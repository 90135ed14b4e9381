#pragma once
/// Figures about a run; they change nothing.
#include <cstdint>

#include "core/run.h"
#include "delstep/simulation.h"

namespace delstep {

Statistics Measure(const Run& run);
/// Euclidean distance of two model rows.
double Distance(const Row& a, const Row& b);
std::uint64_t HashRow(const Row& row);
std::uint64_t HashWorld(const World& world);
std::vector<LabelCounts> CountLabels(const Run& run);

}  // namespace delstep
