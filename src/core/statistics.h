#pragma once
/// Figures about a run; taking them changes nothing.
///
/// Sums are formed in double precision in the order of node ids, so that figures are the same on
/// every machine and with any number of threads. Threads: any, while nobody changes the run.
#include <cstdint>
#include <optional>
#include <vector>

#include "core/engine/run.h"
#include "delstep/simulation.h"

namespace delstep {

/// All of it. Takes a pass over all model rows if one has changed since the last time, and sorts
/// the latencies. Who wants less asks for a part.
Statistics Measure(Run& run);
/// Takes no longer for a long run than for a short one.
TrafficCounts CountTraffic(const World& world);
/// Sorts a copy of the latencies that are kept, up to 2^20 of them.
LatencyFigures MeasureLatency(Run& run);
/// One entry per scope that a present node was tested on: general, local, global, then groups by
/// name.
std::vector<ScopeAccuracy> MeasureAccuracies(const World& world);
/// Mean age of the guestbook's records since they were sent, in seconds; nothing without records.
std::optional<double> Staleness(const World& world, const Node& node);
/// Euclidean distance of two model rows.
double Distance(const Row& a, const Row& b);
/// One entry per present node, by id.
std::vector<LabelCounts> CountLabels(const Run& run);

}  // namespace delstep
