#pragma once
/// Figures about a run; taking them changes nothing.
///
/// Sums are formed in double precision in the order of node ids, so that figures are the same on
/// every machine and with any number of threads. Threads: any, while nobody changes the run.
#include <cstdint>
#include <optional>

#include "core/engine/run.h"
#include "delstep/simulation.h"

namespace delstep {

/// Takes a pass over all model rows.
Statistics Measure(const Run& run);
/// Mean age of the guestbook's records since they were sent, in seconds; nothing without records.
std::optional<double> Staleness(const World& world, const Node& node);
/// Euclidean distance of two model rows.
double Distance(const Row& a, const Row& b);
/// One entry per present node, by id.
std::vector<LabelCounts> CountLabels(const Run& run);

}  // namespace delstep
