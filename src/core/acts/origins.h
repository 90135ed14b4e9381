#pragma once
/// What an aggregation makes of where its models came from (world/provenance.h).
///
/// Order: parts ascending by node, so that nodes that average the same models with the same weights
/// get one list of shares. Errors: none. Threads: PlanOrigin() for several nodes at a time;
/// MixOrigins() uses the workers of the engine.
#include <memory>
#include <span>
#include <vector>

#include "core/acts/rule_input.h"
#include "core/engine/origin_sums.h"
#include "core/engine/run.h"
#include "core/world/provenance.h"
#include "delstep/aggregator.h"

namespace delstep {

/// Valid while the node's mailbox and guestbook are as they were; from MixOrigins() on without
/// that.
struct OriginPlan {
  std::vector<OriginPart> parts;  ///< empty: the node's models are not followed, or nothing changes
  std::shared_ptr<const Provenance> base;  ///< the sum, after MixOrigins()
  std::shared_ptr<const Meeting> meeting;
};

/// `weights`: of each model in the new one, the communal rate included; they sum to 1. Where models
/// are changes (aggregation.share), those of the changes.
OriginPlan PlanOrigin(const Run& run, const Node& node, std::span<const PeerModel> models,
                      std::span<const ShownModel> shown, std::span<const double> weights);

/// Forms the sums of all plans. `estimate`: the rule gave no weights, and those of the plans are a
/// guess.
void MixOrigins(Run& run, std::span<OriginPlan* const> plans, bool estimate);

/// Makes the plan the node's state.
void CommitOrigin(OriginPlan plan, Node& node);

}  // namespace delstep
