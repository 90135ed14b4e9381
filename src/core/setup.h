#pragma once
/// How a run begins: engine and world out of a scenario.
#include <memory>

#include "core/engine/run.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// Loads and deals the data, makes learner, aggregator, network, topology and nodes. `registry`
/// outlives the run. The same scenario gives the same run, bit for bit, on any number of threads.
/// Errors: kUsage for values that do not go together, with the key that is to blame (Error::key);
/// kFile, kUnavailable from the parts. Nothing is left behind.
/// Threads: those of training.threads are made here and live with the run.
Result<std::unique_ptr<Run>> Begin(const Scenario& scenario, const Registry& registry);

/// A network without nodes, as the engine's scenario wants it.
Result<std::unique_ptr<Network>> MakeNetworkOf(const Engine& engine);

/// Who is linked to whom at the start; mobility and contacts of the engine are made with it.
/// Errors: those of the parts.
Result<Graph> MakeGraph(Engine& engine);

}  // namespace delstep
