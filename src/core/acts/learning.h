#pragma once
/// Training and aggregation of the nodes of a run. Nodes are present, up and each named
/// once.
#include <span>
#include <stop_token>
#include <vector>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// Nodes without training data are skipped and named; an error if none is left.
Result<StepReport> Train(Run& run, std::span<const NodeId> nodes, std::stop_token stop);

/// Trains the nodes without a message in the inbox and aggregates the others; every guestbook ticks
/// once. On an error no node has aggregated; nodes that were trained before it stay trained.
Result<StepReport> Step(Run& run, std::span<const NodeId> nodes, std::stop_token stop);

}  // namespace delstep
