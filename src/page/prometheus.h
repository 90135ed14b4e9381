#pragma once
/// /metrics: the run in numbers, as text that Prometheus reads (exposition format 0.0.4).
#include <string>

#include "console/history/moments.h"
#include "recording/moment_facts.h"

namespace delstep {

/// Nodes, moments, the simulated clock, messages by outcome, bytes, and the mean accuracy of the
/// last tests by scope.
std::string PrometheusText(const MomentFacts& facts, const Moments& moments);

}  // namespace delstep
