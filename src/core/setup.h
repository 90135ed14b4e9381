#pragma once
/// How a run begins: engine and world out of a scenario.
#include <memory>

#include "core/engine/run.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// Loads and deals the data, makes learner, aggregator, network, topology and nodes. Errors begin
/// with the key that is to blame ("partition.samples_per_node = 7000: ...").
Result<std::unique_ptr<Run>> Begin(const Scenario& scenario, const Registry& registry);

}  // namespace delstep
