#pragma once
/// Where the models of nodes come from, as world/provenance.h keeps it.
///
/// Errors: kRefused where the run does not follow its models (history.why).
/// Threads: any, while nobody changes the world; nothing changes.
#include "core/world/world.h"
#include "delstep/provenance.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// Whether nodes of such a run know where their models come from. Decided by the number of nodes at
/// the start.
bool FollowsOrigins(const Scenario& scenario);

/// Whose parameters and trainings are in the node's model.
Result<ModelSources> SourcesOf(const World& world, NodeId node);

/// The strongest way from `source` to `node`, by the product of weights: of all that lead from the
/// node's model back through the meetings that are kept. A way ends where the source itself
/// trained, or began. Of equal ways the one with fewer messages is taken. The source may have left.
Result<KnowledgeWay> WayOf(const World& world, NodeId node, NodeId source);

}  // namespace delstep
