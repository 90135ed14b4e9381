#pragma once
/// Aggregation in two halves: a plan that may be refused and changes nothing, and its commit, which
/// cannot fail. So whoever has more to do than aggregate can do it in between.
#include <span>
#include <vector>

#include "core/engine/run.h"
#include "delstep/event.h"
#include "delstep/result.h"

namespace delstep {

/// What one node will have after its aggregation. Valid while the node's own mailbox and rows are
/// as they were.
struct AggregationPlan {
  NodeId node{};
  std::vector<NodeId> peers;  ///< whose models are used beside the node's own, ascending
  Row merged;                 ///< the new model; empty: it stays as it is
};

/// One plan a node, sums and merges done.
Result<std::vector<AggregationPlan>> PlanAggregation(Run& run, std::span<const NodeId> nodes);
std::vector<Aggregated> CommitAggregation(Run& run, std::vector<AggregationPlan> plans);

}  // namespace delstep
