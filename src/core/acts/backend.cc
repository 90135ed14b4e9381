#include "core/acts/backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <vector>

#include "core/acts/message_outcomes.h"
#include "core/engine/change_feed.h"
#include "delstep/mobility.h"

namespace delstep {
namespace {

/// How far ahead legs are told: a step of a second would be as good, but costs a call each.
constexpr Duration kLegsAhead = std::chrono::seconds(10);

/// All legs of the node that begin before `until`; the first one begins at or before `from`.
std::vector<Leg> LegsOf(const Mobility& mobility, NodeId node, SimTime from, SimTime until) {
  std::vector<Leg> legs;
  for (SimTime at = from; at <= until; at = legs.back().ends) {
    legs.push_back(mobility.LegAt(node, at));
    if (legs.back().ends == SimTime::max()) break;
  }
  return legs;
}

/// Everything that the world knows of nodes and links, in a network that knows nothing yet.
Result<void> Furnish(const Run& run, Network& network) {
  const World& world = run.world;
  DELSTEP_TRY(network.SetDefaultLink(world.default_link));
  const std::vector<NodeId> nodes = world.Present();
  for (const NodeId node : nodes) DELSTEP_TRY(network.Attach(node));
  DELSTEP_TRY(GiveCapacities(run.engine, network, nodes));
  for (const NodeId node : nodes)
    if (!world.at(node).up) DELSTEP_TRY(network.SetUp(node, false));
  for (const auto& [pair, link] : *world.single_links)
    if (world.at(pair.first).present && world.at(pair.second).present)
      DELSTEP_TRY(network.SetLink(pair.first, pair.second, link));
  return {};
}

}  // namespace

// Nobody will ever say how these messages ended, so it is said here: sent = delivered + lost + in
// flight has to stay true.
std::size_t LoseWithBackend(Run& run) {
  World& world = run.world;
  std::set<MessageId> ended;
  for (const Outcome& outcome : *world.ended) ended.insert(outcome.message.id);
  std::vector<MessageId> gone;
  world.in_flight.ForEach([&](const ModelMessage& message) {
    if (!ended.contains(message.header.id)) gone.push_back(message.header.id);
  });
  for (const MessageId id : gone) {
    const ModelMessage message = TakeFromFlight(world, id);
    NoteLost(run, message.header, message.sent, world.now, LossReason::kBackend);
    if (run.step_report) ++run.step_report->lost;
  }
  return gone.size();
}

// The new network is furnished before the old one goes: an error leaves all as it was.
Result<std::size_t> RestartNetwork(Run& run) {
  if (run.world.network->traits().version.empty())
    return Refused(fmt::format("the network '{}' has no program of its own to start again",
                               run.world.network->traits().name),
                   "network.backend = \"ns3\" and \"mininet\" have one");
  DELSTEP_ASSIGN(std::unique_ptr<Network> network, MakeNetworkOf(run.engine));
  network->StartAt(run.world.now);
  DELSTEP_TRY(Furnish(run, *network));
  const std::size_t lost = LoseWithBackend(run);
  run.world.network = OwnedNetwork(std::move(network));
  return lost;
}

// compute.file knows some nodes, the settings all others.
Result<void> GiveCapacities(const Engine& engine, Network& network, std::span<const NodeId> nodes) {
  if (!network.traits().has_capacities) return {};
  const NetworkOptions& options = engine.scenario->network;
  for (const NodeId node : nodes) {
    const ComputeSpeeds::Capacity own = engine.speeds.CapacityOf(node);
    DELSTEP_TRY(
        network.SetCapacity(node, own.up.value_or(options.up), own.down.value_or(options.down)));
  }
  return {};
}

// In pieces of time, since nodes that move have legs without end.
Result<void> TellLegs(Run& run) {
  World& world = run.world;
  if (!world.network->traits().has_positions) return {};
  if (world.network->legs_until() > std::max(world.now, world.network->now())) return {};
  const SimTime now = world.network->now();
  const bool moves = run.engine.mobility->rests_from() > now;
  // Who stands still for ever is told once.
  const SimTime until = moves ? Later(std::max(now, world.now), kLegsAhead) : SimTime::max();
  std::vector<NodeLegs> legs;
  for (const NodeId node : world.Present())
    legs.push_back({.node = node, .legs = LegsOf(*run.engine.mobility, node, now, until)});
  return world.network.Write()->SetLegs(legs, until);
}

// The others' legs stand as they were told; this node's next ones come with theirs.
Result<void> TellLegsOf(Run& run, NodeId node) {
  const OwnedNetwork& network = run.world.network;
  if (!network->traits().has_positions || network->legs_until() <= network->now()) return {};
  const SimTime until = network->legs_until();
  const NodeLegs legs{.node = node,
                      .legs = LegsOf(*run.engine.mobility, node, network->now(), until)};
  return run.world.network.Write()->SetLegs({&legs, 1}, until);
}

}  // namespace delstep
