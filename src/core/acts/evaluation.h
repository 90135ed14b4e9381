#pragma once
/// Testing the models of nodes.
#include <span>
#include <stop_token>
#include <vector>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// One result per node, in the order of `nodes`, which are present and up. A model is tested once on
/// the same examples: the results are kept in the engine's cache. See Simulation::Evaluate.
Result<std::vector<Evaluated>> Evaluate(Run& run, std::span<const NodeId> nodes,
                                        const EvaluationScope& scope, std::stop_token stop);

}  // namespace delstep
