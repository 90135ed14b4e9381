#pragma once
/// Figures about a run; they change nothing.
#include <cstdint>
#include <optional>

#include "core/engine/run.h"
#include "delstep/simulation.h"

namespace delstep {

Statistics Measure(const Run& run);
/// Mean age of the guestbook's records since they were sent, in seconds; nothing without records.
std::optional<double> Staleness(const World& world, const Node& node);
/// Euclidean distance of two model rows.
double Distance(const Row& a, const Row& b);
std::uint64_t HashRow(const Row& row);
std::uint64_t HashWorld(const World& world);
/// The world, with the models of the last aggregations where training or sharing looks at them.
std::uint64_t HashRun(const Run& run);
std::vector<LabelCounts> CountLabels(const Run& run);

}  // namespace delstep
