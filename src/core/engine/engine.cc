#include "core/engine/engine.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "core/engine/agreement.h"

namespace delstep {
namespace {

Result<std::unique_ptr<PoolWorkers>> MakeWorkers(std::size_t threads,
                                                 std::atomic<std::size_t>& done) {
  try {
    return std::make_unique<PoolWorkers>(threads, &done);
  } catch (const std::system_error&) {
    return Refused(fmt::format("training.threads = {}: the system gives no more threads", threads),
                   "0 takes one a core");
  }
}

/// Turns come by their times, and so many of them may be due before one that is late: each turn is
/// found among all of those.
Result<void> CheckTurns(const BehaviourOptions& behaviour) {
  constexpr int kMostPeriods = 1000;
  if (behaviour.jitter / kMostPeriods <= behaviour.period) return {};
  const double period = Seconds(behaviour.period);
  return UsageError(
             fmt::format(
                 "behaviour.jitter = {:.9g} s is more than {} times behaviour.period = {:.9g} s",
                 Seconds(behaviour.jitter), kMostPeriods, period),
             fmt::format("lower behaviour.jitter to {:.9g}s, or raise behaviour.period",
                         kMostPeriods * period))
      .About("behaviour.jitter");
}

Result<std::unique_ptr<Behaviour>> MakeBehaviourOf(const Engine& engine, const Scenario& scenario,
                                                   std::string_view name) {
  BehaviourOptions options = scenario.behaviour;
  options.name = name;
  DELSTEP_ASSIGN(const MakeBehaviour* make, engine.registry->behaviours.Find(name));
  DELSTEP_ASSIGN(std::unique_ptr<Behaviour> behaviour, (*make)(options));
  if (behaviour && behaviour->merges() && scenario.aggregation.share != "parameters")
    return UsageError(
               fmt::format("behaviour.name = {} merges whole models, and aggregation.share = "
                           "{} sends changes of them",
                           name, scenario.aggregation.share),
               "aggregation.share = \"parameters\"")
        .About("behaviour.name");
  return behaviour;
}

// What a file holds is asked right after the part was made of it: the cache of compiled files knows it then.
Result<std::shared_ptr<const MadeBehaviour>> MakeBehaviourPart(const Engine& engine,
                                                               const Scenario& scenario,
                                                               const std::string& name) {
  MadeBehaviour made;
  DELSTEP_ASSIGN(made.behaviour, MakeBehaviourOf(engine, scenario, name));
  if (engine.registry->behaviours.IsFile(name)) made.content = ContentOf(*engine.registry, name);
  return std::make_shared<const MadeBehaviour>(std::move(made));
}

Result<std::shared_ptr<const MadeRule>> MakeRulePart(const Engine& engine,
                                                     const Scenario& scenario) {
  const std::string& name = scenario.aggregation.name;
  MadeRule made{.rule = {}, .name = name};
  DELSTEP_ASSIGN(const MakeAggregator* make, engine.registry->aggregators.Find(name));
  DELSTEP_ASSIGN(made.rule, (*make)(scenario.aggregation));
  if (engine.registry->aggregators.IsFile(name)) made.content = ContentOf(*engine.registry, name);
  return std::make_shared<const MadeRule>(std::move(made));
}

/// What the scenario asks for, if it can go on with the models that there are.
Result<Renewal> MakeParts(const Engine& engine, const Scenario& scenario, Workers& workers,
                          std::shared_ptr<const MadeRule> rule) {
  Renewal parts;
  parts.keeps_rule = rule != nullptr;
  if (parts.keeps_rule) {
    parts.rule = std::move(rule);
  } else {
    DELSTEP_ASSIGN(parts.rule, MakeRulePart(engine, scenario));
  }
  DELSTEP_ASSIGN(const MakeCompressor* make_compressor,
                 engine.registry->compressors.Find(scenario.compression.name));
  DELSTEP_ASSIGN(parts.compressor, (*make_compressor)(scenario.compression));
  DELSTEP_ASSIGN(const MakeLearner* make_learner,
                 engine.registry->learners.Find(scenario.model.learner));
  DELSTEP_ASSIGN(parts.learner, (*make_learner)(scenario, engine.data.dataset, workers));
  // Rows of the run stay; a learner that lays them out differently could not read them.
  if (engine.learner && !(engine.learner->layout().model == parts.learner->layout().model))
    return Refused("the models of this run have another layout than these values need",
                   "give them when the run starts");
  return parts;
}

}  // namespace

RowPool& StatePool(Engine& engine, std::size_t floats) {
  const auto [place, fresh] = engine.state_pools.try_emplace(floats, floats);
  if (fresh && engine.cluster) place->second.Join(engine.cluster);
  return place->second;
}

Bytes RowBytes(const Engine& engine) {
  Bytes bytes = engine.model_rows->live() * engine.model_rows->floats();
  for (const auto& [floats, pool] : engine.state_pools) bytes += pool.live() * floats;
  return bytes * sizeof(float);
}

// The parts are made and thrown away: only they know what they refuse, and what they remember.
Result<std::size_t> StateFloats(const Engine& engine, const Scenario& scenario) {
  DELSTEP_ASSIGN(const Renewal parts, MakeParts(engine, scenario, *engine.workers, nullptr));
  return parts.learner->layout().state.floats;
}

Result<void> CanRenewEngine(const Engine& engine, const Scenario& scenario) {
  DELSTEP_TRY(StateFloats(engine, scenario));
  DELSTEP_TRY(MakeBehaviourOf(engine, scenario, scenario.behaviour.name));
  return {};
}

// All into variables of its own first, as in RenewEngine().
Result<void> RenewPlans(Engine& engine, std::shared_ptr<const Scenario> wanted,
                        const MadeParts* made) {
  DELSTEP_TRY(CheckTurns(wanted->behaviour));
  DELSTEP_ASSIGN(const MakeChurn* make_churn, engine.registry->churn.Find(wanted->churn.name));
  DELSTEP_ASSIGN(std::unique_ptr<Churn> churn, (*make_churn)(*wanted));
  DELSTEP_ASSIGN(ComputeSpeeds speeds, ComputeSpeeds::Make(*wanted));
  MadeParts parts = *engine.made;
  if (made) parts.behaviours = made->behaviours;
  // Those of a moment are taken as they are; one that it lacks, as moments of a checkpoint do, is made.
  const std::string& chosen = wanted->behaviour.name;
  if (!made || !parts.behaviours.contains(chosen)) {
    DELSTEP_ASSIGN(parts.behaviours[chosen], MakeBehaviourPart(engine, *wanted, chosen));
  }
  for (auto& [name, behaviour] : parts.behaviours) {
    if (made || name == chosen) continue;
    auto fresh = MakeBehaviourPart(engine, *wanted, name);
    // A file of the user's that is gone or half written: nodes go on with what was compiled.
    if (!fresh && fresh.error().code == ErrorCode::kFile) continue;
    if (!fresh) return std::move(fresh).error();
    behaviour = *std::move(fresh);
  }
  engine.churn = std::move(churn);
  engine.speeds = std::move(speeds);
  engine.made = std::make_shared<const MadeParts>(std::move(parts));
  engine.scenario = std::move(wanted);
  return {};
}

Result<const Behaviour*> FindBehaviour(Engine& engine, std::string_view name) {
  auto known = engine.made->behaviours.find(name);
  if (known == engine.made->behaviours.end()) {
    DELSTEP_TRY(RenewBehaviour(engine, std::string(name)));
    known = engine.made->behaviours.find(name);
  }
  return known->second->behaviour.get();
}

Result<void> RenewBehaviour(Engine& engine, const std::string& name) {
  MadeParts parts = *engine.made;
  DELSTEP_ASSIGN(parts.behaviours[name], MakeBehaviourPart(engine, *engine.scenario, name));
  engine.made = std::make_shared<const MadeParts>(std::move(parts));
  return {};
}

namespace {

/// Before the first row is made.
void JoinCluster(Engine& engine, std::size_t model_floats) {
  engine.model_rows = std::make_unique<RowPool>(model_floats);
  if (!engine.cluster) return;
  engine.model_rows->Join(engine.cluster);
  engine.homes = {.processes = engine.cluster->size(), .nodes = engine.scenario->nodes.count};
}

}  // namespace

Result<Renewal> PrepareRenewal(Engine& engine, std::shared_ptr<const Scenario> scenario,
                               std::shared_ptr<const MadeRule> rule) {
  const std::size_t threads = scenario->training.threads;
  std::unique_ptr<PoolWorkers> fresh;
  if (!engine.workers || engine.threads != threads) {
    DELSTEP_ASSIGN(fresh, MakeWorkers(threads, engine.progress.done));
  }
  DELSTEP_ASSIGN(Renewal renewal,
                 MakeParts(engine, *scenario, fresh ? *fresh : *engine.workers, std::move(rule)));
  // The learner refers to them, wherever they are owned.
  renewal.workers = std::move(fresh);
  renewal.scenario = std::move(scenario);
  return renewal;
}

bool PutIn(Engine& engine, Renewal renewal, std::uint64_t rule) {
  engine.scenario = std::move(renewal.scenario);
  const ModelLayout& layout = renewal.learner->layout();
  const bool first = engine.learner == nullptr;
  // Another optimizer may remember more or less. Then the caller must give all nodes new state
  // rows.
  const bool other_state = first || !(engine.learner->layout().state == layout.state);
  // The pool of models is never replaced: rows of the run come from it.
  if (first) JoinCluster(engine, layout.model.floats);
  if (other_state) engine.state_rows = &StatePool(engine, layout.state.floats);
  engine.learner = std::move(renewal.learner);
  engine.facts = engine.learner->facts();
  engine.evaluations.Clear();  // results hold for the learner that gave them
  // After the learner: the old one uses the old workers.
  if (renewal.workers) {
    engine.workers = std::move(renewal.workers);
    engine.threads = engine.scenario->training.threads;
  }
  // A copy, as snapshots may hold the present one. It is handles alone.
  MadeParts made = *engine.made;
  made.rule = std::move(renewal.rule);
  made.rule_version = renewal.keeps_rule ? rule : engine.name.version;
  engine.made = std::make_shared<const MadeParts>(std::move(made));
  engine.compressor = std::move(renewal.compressor);
  return other_state;
}

// All that can fail comes first. Others drop what they have made if the plans fail: no order names it.
Result<bool> RenewEngine(Engine& engine, std::shared_ptr<const Scenario> wanted,
                         std::shared_ptr<const MadeParts> made) {
  DELSTEP_ASSIGN(Renewal renewal, PrepareRenewal(engine, wanted, made ? made->rule : nullptr));
  const std::uint64_t rule = renewal.keeps_rule ? made->rule_version : 0;
  EngineName name;
  if (engine.cluster) {
    DELSTEP_ASSIGN(name, AgreeOn(engine, renewal, rule));
  }
  DELSTEP_TRY(RenewPlans(engine, std::move(wanted), made.get()));
  engine.name = name;
  return PutIn(engine, std::move(renewal), rule);
}

Result<std::unique_ptr<Network>> MakeNetworkOf(const Engine& engine) {
  const Scenario& scenario = *engine.scenario;
  DELSTEP_ASSIGN(const MakeNetwork* make, engine.registry->networks.Find(scenario.network.backend));
  return (*make)(scenario);
}

}  // namespace delstep
