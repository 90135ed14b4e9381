#pragma once
/// The engine: what a run works with. It is made from the scenario, and nothing of it changes by
/// itself; `set` makes parts of it anew. What changes by itself is the world (core/world/world.h).
///
/// Threads: one caller at a time; `progress` is read from any thread.
#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "compute/compute_speeds.h"
#include "core/cluster/cluster.h"
#include "core/cluster/homes.h"
#include "core/engine/evaluation_cache.h"
#include "core/engine/initial_weights.h"
#include "core/engine/made_parts.h"
#include "core/engine/placed_mobility.h"
#include "core/world/row.h"
#include "delstep/aggregator.h"
#include "delstep/behaviour.h"
#include "delstep/churn.h"
#include "delstep/compressor.h"
#include "delstep/data.h"
#include "delstep/learner.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "learning/pool_workers.h"

namespace delstep {

/// Nodes of the training under way, in all and done; read from any thread. total is 0 if none runs.
struct ProgressMeter {
  std::atomic<std::size_t> done{0}, total{0};
};

struct Engine {
  /// What it was made from; the same as World::scenario.
  std::shared_ptr<const Scenario> scenario;
  const Registry* registry = nullptr;
  /// Null: the run has this process alone, or it is a part of another one's (core/member.h). See
  /// core/cluster/cluster.h.
  std::shared_ptr<Cluster> cluster;
  EngineName name;                 ///< under which other processes have the same
  Homes homes;                     ///< which process keeps which nodes' rows
  std::uint64_t trained_here = 0;  ///< trainings of nodes that this process has done
  LoadedData data;
  ProgressMeter progress;
  std::size_t threads = 0;  ///< what `workers` was made with
  std::unique_ptr<PoolWorkers> workers;
  std::unique_ptr<Learner> learner;  ///< uses `workers`, so it comes after them and goes first
  ModelFacts facts;                  ///< of this learner
  EvaluationCache evaluations;       ///< likewise
  std::unique_ptr<Compressor> compressor;  ///< null: models are sent as they are
  std::unique_ptr<RowPool> model_rows;
  /// A pool for each length that states have had: who goes back to an earlier optimizer finds its
  /// rows there.
  std::map<std::size_t, RowPool> state_pools;
  RowPool* state_rows = nullptr;   ///< the one of the present learner
  InitialWeights weights;          ///< of model.weights
  std::vector<std::string> notes;  ///< of how the run began, for the user
  /// Where nodes are. Of nodes that stand still `places` are those that `move` has put elsewhere,
  /// as World has them.
  std::unique_ptr<PlacedMobility> mobility;
  Area field;                                   ///< that they move in
  std::shared_ptr<const ContactPlan> contacts;  ///< uses `mobility`; null: links stay
  std::unique_ptr<Churn> churn;                 ///< null: all nodes are always online
  ComputeSpeeds speeds;
  /// Rule and behaviours. Snapshots hold it, so it is replaced rather than changed.
  std::shared_ptr<const MadeParts> made = std::make_shared<const MadeParts>();
  /// Weights of the topology file's edges that are not 1, by (a, b) with a < b: kept for files that
  /// are written.
  std::map<std::pair<NodeId, NodeId>, double> edge_weights;

  /// Requires that it was made.
  const Aggregator& aggregator() const { return made->rule->rule; }
};

/// What an engine computes with, made from a scenario and not in use yet.
struct Renewal {
  std::shared_ptr<const Scenario> scenario;
  std::unique_ptr<PoolWorkers> workers;  ///< null: those that there are have the right number
  std::unique_ptr<Learner> learner;      ///< uses workers, so it goes first
  std::shared_ptr<const MadeRule> rule;
  bool keeps_rule = false;  ///< it was made before
  std::unique_ptr<Compressor> compressor;
};

/// Makes learner, rule and compressor anew from `scenario`, and the workers if their number changed. Where
/// `rule` is not null, it is taken instead, and must be of this scenario. The engine stays as it is. Errors:
/// those of the parts; kRefused if models would need another layout, or the system gives no more threads.
Result<Renewal> PrepareRenewal(Engine& engine, std::shared_ptr<const Scenario> scenario,
                               std::shared_ptr<const MadeRule> rule);
/// The engine goes on with these, which were prepared for it as it is. `rule`: the version that a rule which
/// is taken again was made for; only who leads needs to know it. Returns true if the learner's state
/// rows have another layout than before: then all nodes' states must be reset.
bool PutIn(Engine& engine, Renewal renewal, std::uint64_t rule = 0);

/// Both, and RenewPlans(): in all processes of the run, or in none. On an error everything is as before.
/// `made`: rule and behaviours of this scenario that are taken again, as of a moment; null: they are made
/// anew, of files as these are now. Returns what PutIn() does. Errors: those of PrepareRenewal(), AgreeOn()
/// (core/engine/agreement.h) and RenewPlans().
Result<bool> RenewEngine(Engine& engine, std::shared_ptr<const Scenario> scenario,
                         std::shared_ptr<const MadeParts> made = nullptr);

/// Makes churn, speeds and behaviours anew from `scenario`, which is the engine's from now on; nothing else
/// may differ in it. Behaviours of `made`, where it is not null, are taken instead. On an error everything is
/// as before. Errors: those of the registry, of every behaviour that a node has; kUsage for a jitter of more
/// than a thousand periods.
Result<void> RenewPlans(Engine& engine, std::shared_ptr<const Scenario> scenario,
                        const MadeParts* made = nullptr);

/// The behaviour of this name under the present scenario; null for "none". Errors: those of the
/// registry.
Result<const Behaviour*> FindBehaviour(Engine& engine, std::string_view name);
/// Makes it anew, for all nodes that have it: it may be a file that has changed. On an error
/// everything is as before. Errors: those of the registry.
Result<void> RenewBehaviour(Engine& engine, const std::string& name);

/// The pool of state rows of this length. Requires a learner.
RowPool& StatePool(Engine& engine, std::size_t floats);

/// Of all rows that anybody holds, in bytes: the run, and the snapshots of it.
Bytes RowBytes(const Engine& engine);

/// Whether RenewEngine would take this scenario: its errors, except about workers.
Result<void> CanRenewEngine(const Engine& engine, const Scenario& scenario);

/// How long a state row would be under this scenario. Errors: those of CanRenewEngine().
Result<std::size_t> StateFloats(const Engine& engine, const Scenario& scenario);

/// A network without nodes, as the engine's scenario wants it. Errors: those of the part.
Result<std::unique_ptr<Network>> MakeNetworkOf(const Engine& engine);

}  // namespace delstep
