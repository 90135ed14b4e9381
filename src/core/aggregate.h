#pragma once
/// Aggregation in two halves: a plan that may be refused and changes nothing, and its commit, which
/// cannot fail. So whoever has more to do than aggregate can do it in between.
#include <span>
#include <vector>

#include "core/guestbook.h"
#include "core/run.h"
#include "delstep/aggregator.h"
#include "delstep/event.h"
#include "delstep/result.h"
#include "math/kernels.h"

namespace delstep {

/// What one node will have after its aggregation. Valid while the node's own mailbox and rows are
/// as they were.
struct AggregationPlan {
  NodeId node{};
  Guestbook guestbook;            ///< with the inbox written into it
  std::vector<PeerModel> models;  ///< that the rule sees, the node's own first; none: nothing to do
  std::vector<WeightedTerm> terms;  ///< of a linear rule, by node id, the communal rate included
  Row merged;                       ///< the new model
  bool changes = false;             ///< there is a new model
};

/// One plan a node, sums and merges done.
Result<std::vector<AggregationPlan>> PlanAggregation(Run& run, std::span<const NodeId> nodes);
std::vector<Aggregated> CommitAggregation(Run& run, std::vector<AggregationPlan> plans);

}  // namespace delstep
