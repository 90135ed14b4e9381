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

/// Where nodes are, and how they move: the engine's mobility. Errors: those of the part.
Result<void> MakeMobilityOf(Engine& engine);
/// Who is linked to whom at the start; the engine's contacts are made with it. Requires a mobility.
/// Errors: those of the part.
Result<Graph> MakeGraph(Engine& engine);

}  // namespace delstep
