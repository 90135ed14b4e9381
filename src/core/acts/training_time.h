#pragma once
/// How long a training takes in simulated time (compute.*).
#include <span>
#include <vector>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// False where compute.* says that training takes no time.
bool TrainingTakesTime(const Engine& engine);
/// Of the node's next training, with the options that it has now: examples * epochs (or mini-batches
/// * batch size) times what compute.* says for an example, in whole nanoseconds.
/// Errors: kRefused, naming the node, above what compute.* allows, and beyond the end of simulated time.
Result<Duration> TrainingTime(const Run& run, NodeId node);
/// Those that are not in a training that a run began; `report` names the others. Errors: kRefused
/// if the only one asked for is.
Result<std::vector<NodeId>> SkipBusy(const World& world, std::span<const NodeId> nodes,
                                     StepReport& report);
/// Errors: kRefused if one of them is in a training.
Result<void> RequireIdle(const World& world, std::span<const NodeId> nodes);
/// "X is still training, until 12.5s".
Error StillTraining(const Node& node);

}  // namespace delstep
