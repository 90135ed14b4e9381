#pragma once
/// The engine: what a run works with. It is made from the scenario, and nothing of it changes by
/// itself; `set` makes parts of it anew.
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

#include "core/engine/evaluation_cache.h"
#include "core/engine/initial_weights.h"
#include "core/world/row.h"
#include "delstep/aggregator.h"
#include "delstep/compressor.h"
#include "delstep/data.h"
#include "delstep/learner.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "learning/pool_workers.h"

namespace delstep {

/// Of the train that runs; read from any thread.
struct ProgressMeter {
  std::atomic<std::size_t> done{0}, total{0};
};

struct Engine {
  Scenario scenario;
  const Registry* registry = nullptr;
  LoadedData data;
  ProgressMeter progress;
  std::size_t threads = 0;  // that workers was made with
  std::unique_ptr<PoolWorkers> workers;
  std::unique_ptr<Learner> learner;  // uses workers
  EvaluationCache evaluations;       // of this learner
  Aggregator aggregator;
  std::unique_ptr<Compressor> compressor;  // null: models are sent as they are
  std::unique_ptr<RowPool> model_rows, state_rows;
  InitialWeights weights;  // of model.weights
};

/// Makes learner and aggregator anew from engine.scenario (and workers, if their number changed).
/// On an error everything is as before. Returns true if the learner's state rows have another
/// layout than before: then all nodes' states must be reset.
Result<bool> RenewEngine(Engine& engine);

/// Whether RenewEngine would take this scenario: its errors, except about workers.
Result<void> CanRenewEngine(const Engine& engine, const Scenario& scenario);

/// Fresh model and state rows of a node, by `model.init`.
Result<std::pair<Row, Row>> InitialRows(Engine& engine, NodeId node);

}  // namespace delstep
