#include "core/acts/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "base/text.h"
#include "core/acts/backend.h"
#include "core/acts/behave.h"
#include "core/acts/links.h"
#include "core/acts/network_attempt.h"
#include "core/acts/node_options.h"
#include "core/acts/outgoing.h"
#include "core/acts/pass_time.h"
#include "core/acts/presence.h"
#include "core/acts/training_time.h"
#include "core/acts/turns.h"
#include "core/engine/compute.h"
#include "core/engine/initial_weights.h"
#include "core/engine/tables.h"

namespace delstep {
namespace {

/// The model's integer buffers go from a state row of one layout into one of another.
void CopyCounters(const ModelLayout& old, const Row& from, const ModelLayout& layout, Row& to,
                  RowPool& rows) {
  const std::vector<TensorSpec> before = CountersOf(old);
  Row kept;
  for (const TensorSpec& counter : CountersOf(layout)) {
    const auto same = std::ranges::find(before, counter.name, &TensorSpec::name);
    if (same == before.end() || same->floats != counter.floats) continue;
    // Nodes share a fresh row, and it may lie in another process.
    if (kept.empty()) kept = rows.Copy(to);
    // As bits: the words of an integer are no numbers, and may be anything.
    std::memcpy(&kept.Write()[counter.offset], &from.view()[same->offset],
                counter.floats * sizeof(float));
  }
  if (!kept.empty()) to = std::move(kept);
}

/// Everyone gets the state that a node starts with: the optimizer's memory has another layout than
/// `old` now. What lies beside it and belongs to the model stays.
Result<void> ResetStates(Run& run, const ModelLayout& old) {
  const std::vector<NodeId> nodes = run.world.Present();
  // All or none: every state is made before the first is replaced.
  DELSTEP_ASSIGN(auto rows, InitialRows(run.engine, nodes));
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    Row& fresh = rows[i].second;
    CopyCounters(old, run.world.at(nodes[i]).state, run.engine.learner->layout(), fresh,
                 *run.engine.state_rows);
    run.world.Change(nodes[i]).state = std::move(fresh);
  }
  return {};
}

/// A training under way works on the state that its node has now. Errors: kRefused if a node trains
/// and needs another state with `wanted`; those of the parts.
Result<void> RequireStatesFree(const Run& run, const Scenario& wanted, std::string_view key) {
  const Result<void> idle = RequireIdle(run.world, run.world.Present());
  if (idle) return {};
  if (key == "training.optimizer") return idle;
  // Momentum and the like: the same optimizer has another memory, or none.
  DELSTEP_ASSIGN(const std::size_t floats, StateFloats(run.engine, wanted));
  return floats == run.engine.learner->layout().state.floats ? Result<void>() : idle;
}

/// What error feedback keeps, by the settings.
struct Feedback {
  bool known = false, residual = false;
};
Feedback FeedbackOf(const Engine& engine) {
  return {.known = KeepsKnown(engine), .residual = KeepsResidual(engine)};
}

/// What error feedback has kept is dropped where it is about something else now: a copy of receivers
/// who have got other messages meanwhile, what was left out of changes that are long past, or of a
/// delta where gradients follow.
void RenewFeedback(Run& run, const Feedback& before, bool other_share) {
  const Feedback now = FeedbackOf(run.engine);
  const bool drops_known = !before.known && now.known;
  const bool drops_residual = other_share || (!before.residual && now.residual);
  for (const NodeId id : run.world.Present()) {
    const Node& node = run.world.at(id);
    if (drops_known && !node.known.empty()) run.world.Change(id).known = {};
    if (drops_residual && !node.residual.empty()) run.world.Change(id).residual = {};
  }
}

/// Nodes with capacities of their own keep them.
Result<void> GiveAllCapacities(Run& run) {
  if (!run.world.network->traits().has_capacities)
    return Refused("nodes share no bandwidth in this run, so they have no up- and downlinks",
                   run.world.network->traits().version.empty()
                       ? "begin with network.sharing = \"uplink\" or \"fair\""
                       : "begin with ns3.topology = \"star\"");
  DELSTEP_TRY(FinishArrivals(run));
  return AttemptOnNetwork(run.world, [&](Network& network) {
    return GiveCapacities(run.engine, network, run.world.Present());
  });
}

// What the scenario says now goes into the world whatever it said before: `link P`, `lrate` and
// `autonet` may have changed the world since.
Result<void> ApplyNetworkKey(Run& run, std::shared_ptr<const Scenario> wanted,
                             std::string_view key) {
  const NetworkOptions& network = wanted->network;
  LinkProperties link = run.world.default_link;
  if (key == "network.loss") link.loss = network.link.loss;
  if (key == "network.latency") link.latency = network.link.latency;
  if (key == "network.bandwidth") link.bandwidth = network.link.bandwidth;
  if (link != run.world.default_link) {
    DELSTEP_TRY(ChangeDefaultLink(run, link));
    run.Note(DefaultLinkChanged{link});
  }
  if (key == "network.autonet") run.world.autonet = network.autonet;
  // No part of the engine looks at the network's keys but for the capacities.
  const std::shared_ptr<const Scenario> before =
      std::exchange(run.engine.scenario, std::move(wanted));
  if (key != "network.up" && key != "network.down") return {};
  auto given = GiveAllCapacities(run);
  if (!given) run.engine.scenario = before;
  return given;
}

/// Adds to `notes` what the user should know.
Result<void> ApplyLearningKey(Run& run, std::shared_ptr<const Scenario> wanted,
                              std::string_view key, std::vector<std::string>& notes) {
  const std::shared_ptr<const Scenario> before = run.engine.scenario;
  const std::shared_ptr<const MadeParts> made = run.engine.made;
  const double rate = wanted->aggregation.rate;
  const Feedback feedback = FeedbackOf(run.engine);
  const ModelLayout layout = run.engine.learner->layout();
  DELSTEP_TRY(RequireStatesFree(run, *wanted, key));
  DELSTEP_ASSIGN(const bool other_state, RenewEngine(run.engine, std::move(wanted)));
  if (other_state) {
    if (auto reset = ResetStates(run, layout); !reset) {
      // The states are still those of the old parts, so these must come back too. They were made
      // once from the same scenario.
      [[maybe_unused]] const auto renewed = RenewEngine(run.engine, before, made);
      return reset;
    }
    notes.push_back(fmt::format("the optimizer state of {} was reset",
                                Count(run.world.Present().size(), "node")));
  }
  RenewFeedback(run, feedback, key == "aggregation.share");
  if (key == "aggregation.rate")
    for (const NodeId node : run.world.Present())
      if (run.world.at(node).rate != rate) run.world.Change(node).rate = rate;
  // A key that is set for all holds for all, also where a node had a value of its own.
  if (const std::size_t own = ResetNodeOption(run.world, key); own > 0)
    notes.push_back(fmt::format("this replaces the own value of {}", Count(own, "node")));
  return {};
}

/// compute.*, churn.*, behaviour.*: what happens by itself from now on. Trainings under way end when
/// they would have.
Result<void> ApplyLivingKey(Run& run, std::shared_ptr<const Scenario> wanted,
                            std::string_view key) {
  // By the plan as it was: whom the new one takes offline gets what has arrived.
  if (key.starts_with("churn.")) DELSTEP_TRY(FinishArrivals(run));
  DELSTEP_TRY(RenewPlans(run.engine, wanted));
  run.world.scenario = std::move(wanted);
  const std::vector<NodeId> nodes = run.world.Present();
  if (key.starts_with("churn.")) {
    run.world.changed = {.at = run.world.now};
    run.changes.Forget();
    DELSTEP_TRY(FollowPresence(run));
  }
  if (key == "behaviour.name")
    for (const NodeId node : nodes) {
      run.world.Change(node).behaviour.own.clear();
      BeginBehaviour(run, node);
    }
  if (key == "behaviour.period" || key == "behaviour.jitter")
    for (const NodeId node : nodes) BeginTurns(run, node);
  run.agenda.Forget();
  return {};
}

bool IsLivingKey(std::string_view key) {
  return key.starts_with("compute.") || key.starts_with("churn.") || key.starts_with("behaviour.");
}

}  // namespace

Result<std::vector<std::string>> Reconfigure(Run& run, const Scenario& changed,
                                             std::string_view key, std::string_view value) {
  std::vector<std::string> notes;
  auto wanted = std::make_shared<Scenario>(changed);
  // The topology's file may have brought the number of nodes, and nothing changes it in a run.
  wanted->nodes = run.world.scenario->nodes;
  DELSTEP_TRY(TakeTables(*wanted, run.world.scenario.get(), key));
  if (key.starts_with("network."))
    DELSTEP_TRY(ApplyNetworkKey(run, wanted, key));
  else if (IsLivingKey(key))
    DELSTEP_TRY(ApplyLivingKey(run, wanted, key));
  else
    DELSTEP_TRY(ApplyLearningKey(run, wanted, key, notes));
  run.world.scenario = std::move(wanted);
  // The new values may look at anchors that the old ones did without.
  RenewAnchors(run);
  run.Note(ConfigChanged{.key = std::string(key), .value = std::string(value)});
  return notes;
}

Result<void> Reconfigure(Run& run, const Scenario& changed, std::string_view key,
                         std::string_view value, std::span<const NodeId> nodes) {
  if (key == "behaviour.name") {
    DELSTEP_TRY(RenewBehaviour(run.engine, changed.behaviour.name));
    for (const NodeId node : nodes) {
      run.world.Change(node).behaviour.own = changed.behaviour.name;
      BeginBehaviour(run, node);
    }
  } else {
    DELSTEP_TRY(CheckNodeOption(key));
    SetNodeOption(run.world, key, changed.training, nodes);
  }
  RenewAnchors(run);
  run.Note(ConfigChanged{
      .key = std::string(key), .value = std::string(value), .nodes = {nodes.begin(), nodes.end()}});
  return {};
}

}  // namespace delstep
