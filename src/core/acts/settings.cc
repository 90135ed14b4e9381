#include "core/acts/settings.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"
#include "core/acts/links.h"
#include "core/acts/node_options.h"

namespace delstep {
namespace {

/// Everyone gets the state that a node starts with: the optimizer's memory has another layout now.
Result<void> ResetStates(Run& run) {
  std::vector<std::pair<NodeId, Row>> states;
  for (const NodeId node : run.world.Present()) {
    DELSTEP_ASSIGN(auto rows, InitialRows(run.engine, node));
    states.push_back({node, std::move(rows.second)});
  }
  // All or none: every state is made before the first is replaced.
  for (auto& [node, state] : states) run.world.at(node).state = std::move(state);
  return {};
}

// What the scenario says now goes into the world whatever it said before: `link P`, `lrate` and
// `autonet` may have changed the world since.
Result<void> ApplyNetworkKey(Run& run, std::string_view key) {
  const NetworkOptions& network = run.engine.scenario.network;
  if (key == "network.autonet") run.world.autonet = network.autonet;
  LinkProperties link = run.world.default_link;
  if (key == "network.loss") link.loss = network.link.loss;
  if (key == "network.latency") link.latency = network.link.latency;
  if (key == "network.bandwidth") link.bandwidth = network.link.bandwidth;
  if (link == run.world.default_link) return {};
  DELSTEP_TRY(ChangeDefaultLink(run, link));
  run.Note(DefaultLinkChanged{link});
  return {};
}

/// Adds to `notes` what the user should know. `before` is the scenario of the engine as it is.
Result<void> ApplyLearningKey(Run& run, const Scenario& before, std::string_view key,
                              std::vector<std::string>& notes) {
  DELSTEP_ASSIGN(const bool other_state, RenewEngine(run.engine));
  if (other_state) {
    if (auto reset = ResetStates(run); !reset) {
      // The states are still those of the old parts, so these must come back too. They were made
      // once from the same scenario.
      run.engine.scenario = before;
      [[maybe_unused]] const auto renewed = RenewEngine(run.engine);
      return reset;
    }
    notes.push_back(fmt::format("the optimizer state of {} was reset",
                                Count(run.world.Present().size(), "node")));
  }
  if (key == "aggregation.rate")
    for (Node& node : run.world.nodes) node.rate = run.engine.scenario.aggregation.rate;
  // A key that is set for all holds for all, also where a node had a value of its own.
  if (const std::size_t own = ResetNodeOption(run.world, key); own > 0)
    notes.push_back(fmt::format("this replaces the own value of {}", Count(own, "node")));
  return {};
}

}  // namespace

Result<std::vector<std::string>> Reconfigure(Run& run, const Scenario& changed,
                                             std::string_view key, std::string_view value) {
  std::vector<std::string> notes;
  // What is applied reads the scenario of the engine, so it is put there first; and back on an
  // error.
  Scenario before = std::exchange(run.engine.scenario, changed);
  // The topology's file may have brought the number of nodes, and nothing changes it in a run.
  run.engine.scenario.nodes = before.nodes;
  auto done = key.starts_with("network.") ? ApplyNetworkKey(run, key)
                                          : ApplyLearningKey(run, before, key, notes);
  if (!done) {
    run.engine.scenario = std::move(before);
    return std::move(done).error();
  }
  // The new values may look at anchors that the old ones did without.
  RenewAnchors(run);
  run.Note(ConfigChanged{.key = std::string(key), .value = std::string(value)});
  return notes;
}

Result<void> Reconfigure(Run& run, const Scenario& changed, std::string_view key,
                         std::string_view value, std::span<const NodeId> nodes) {
  DELSTEP_TRY(CheckNodeOption(key));
  SetNodeOption(run.world, key, changed.training, nodes);
  RenewAnchors(run);
  run.Note(ConfigChanged{
      .key = std::string(key), .value = std::string(value), .nodes = {nodes.begin(), nodes.end()}});
  return {};
}

}  // namespace delstep
