#pragma once
/// /metrics: the run in numbers, as text that Prometheus reads (exposition format 0.0.4).
#include <cstddef>
#include <string>

#include "console/history/moments.h"
#include "recording/moment_facts.h"

namespace delstep {

/// Nodes, moments, the simulated clock, messages by outcome, bytes, the mean accuracy of the last
/// tests by scope, and how many pages listen.
std::string PrometheusText(const MomentFacts& facts, const Moments& moments, std::size_t streams);

}  // namespace delstep
