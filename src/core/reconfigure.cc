#include <fmt/format.h>

#include <utility>

#include "base/text.h"
#include "core/genesis.h"

namespace delstep {
namespace {

Result<void> ChangeDefaultLink(Run& run, const LinkProperties& link) {
  if (link == run.world.default_link) return {};
  DELSTEP_TRY(run.world.network->SetDefaultLink(link));
  run.world.default_link = link;
  run.Note(DefaultLinkChanged{link});
  return {};
}

/// Everyone gets the state that a node starts with.
Result<void> ResetStates(Run& run) {
  std::vector<std::pair<NodeId, Row>> states;
  for (const NodeId node : run.world.Present()) {
    DELSTEP_ASSIGN(auto rows, InitialRows(run.machinery, node));
    states.push_back({node, std::move(rows.second)});
  }
  for (auto& [node, state] : states) run.world.at(node).state = std::move(state);
  return {};
}

}  // namespace

Result<std::vector<std::string>> Reconfigure(Run& run, const Scenario& changed,
                                             std::string_view key, std::string_view value) {
  std::vector<std::string> notes;
  Scenario before = std::exchange(run.machinery.scenario, changed);
  auto other_state = RenewMachinery(run.machinery);
  if (!other_state) {
    run.machinery.scenario = std::move(before);
    return std::move(other_state).error();
  }
  // World::default_link, not the scenario before, has what `link P` set: it stays unless network.*
  // itself changed.
  LinkProperties link = run.world.default_link;
  const LinkProperties &was = before.network.link, &is = changed.network.link;
  if (was.loss != is.loss) link.loss = is.loss;
  if (was.latency != is.latency) link.latency = is.latency;
  if (was.bandwidth != is.bandwidth) link.bandwidth = is.bandwidth;
  DELSTEP_TRY(ChangeDefaultLink(run, link));
  if (before.network.autonet != changed.network.autonet)
    run.world.autonet = changed.network.autonet;
  if (before.aggregation.rate != changed.aggregation.rate)
    for (Node& node : run.world.nodes) node.rate = changed.aggregation.rate;
  if (*other_state) {
    DELSTEP_TRY(ResetStates(run));
    notes.push_back(fmt::format("the optimizer state of {} was reset",
                                Count(run.world.Present().size(), "node")));
  }
  run.Note(ConfigChanged{std::string(key), std::string(value)});
  return notes;
}

}  // namespace delstep
