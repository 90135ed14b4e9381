#pragma once
/// A run: the world, the machinery that moves it, and the journal that tells of it. The functions
/// of this folder work on a Run; Simulation is their front.
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "contract/pool_workers.h"
#include "core/evaluation_cache.h"
#include "core/initial_weights.h"
#include "core/row.h"
#include "core/world.h"
#include "delstep/aggregator.h"
#include "delstep/compressor.h"
#include "delstep/data.h"
#include "delstep/event.h"
#include "delstep/learner.h"
#include "delstep/registry.h"
#include "delstep/scenario.h"

namespace delstep {

/// Of the train that runs; read from any thread.
struct ProgressMeter {
  std::atomic<std::size_t> done{0}, total{0};
};

/// What the run works with; nothing of it changes by itself.
struct Machinery {
  Scenario scenario;
  const Registry* registry = nullptr;
  LoadedData data;
  ProgressMeter progress;
  std::size_t threads = 0;  // that workers was made with
  std::unique_ptr<PoolWorkers> workers;
  std::unique_ptr<Learner> learner;  // uses workers
  EvaluationCache evaluations;       // of this learner
  std::unique_ptr<Aggregator> aggregator;
  std::unique_ptr<Compressor> compressor;  // null: models are sent as they are
  std::unique_ptr<RowPool> model_rows, state_rows;
  InitialWeights weights;  // of model.weights
};

class Journal {
 public:
  using Observer = std::function<void(const Event&)>;
  void Observe(Observer observer) { observers_.push_back(std::move(observer)); }
  void Note(const World& world, Happening what) const {
    if (observers_.empty()) return;
    const Event event{world.now, world.cycle, std::move(what)};
    for (const Observer& observer : observers_) observer(event);
  }

 private:
  std::vector<Observer> observers_;
};

struct Run {
  Machinery machinery;
  World world;
  Journal journal;

  void Note(Happening what) const { journal.Note(world, std::move(what)); }
};

}  // namespace delstep
