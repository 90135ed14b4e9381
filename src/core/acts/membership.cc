#include "core/acts/membership.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <tuple>
#include <utility>
#include <vector>

#include "core/acts/deal.h"
#include "core/acts/message_outcomes.h"

namespace delstep {

Result<void> Enroll(World& world, Node node) {
  assert(Index(node.id) == world.nodes.size());
  DELSTEP_TRY(world.network->Attach(node.id));
  world.by_name.emplace(ToString(node.address), node.id);
  if (!node.name.empty()) world.by_name.emplace(node.name, node.id);
  world.used_addresses.insert(node.address.value);
  world.nodes.push_back(std::move(node));
  return {};
}

Address NextDefaultAddress(World& world) {
  Address address = DefaultAddress(world.next_default_address++);
  while (world.used_addresses.contains(address.value))
    address = DefaultAddress(world.next_default_address++);
  return address;
}

Result<NodeId> AddNode(Run& run, const NewNode& wanted) {
  World& world = run.world;
  const Scenario& scenario = run.engine.scenario;
  if (wanted.address && world.used_addresses.contains(wanted.address->value))
    return Refused(fmt::format("the address {} has been used; addresses are never reused",
                               ToString(*wanted.address)));
  if (!wanted.name.empty() && world.by_name.contains(wanted.name))
    return Refused(fmt::format("there is a node named '{}' already", wanted.name));

  Node node;
  node.id = static_cast<NodeId>(world.nodes.size());
  node.rate = scenario.aggregation.rate;
  node.name = wanted.name;
  DELSTEP_ASSIGN(std::tie(node.model, node.state), InitialRows(run.engine, node.id));
  node.anchor = node.model;
  if (run.engine.compressor && scenario.model.init == "common") node.known = node.model;
  if (wanted.like) {
    const Node& model = world.at(*wanted.like);
    node.training = model.training;
    node.held_out = model.held_out;
    node.own_labels = model.own_labels;
    node.neighbours = model.neighbours;
  } else {
    DELSTEP_ASSIGN(std::vector<std::uint32_t> examples, TakeUndealt(run));
    GiveExamples(scenario, std::move(examples), node);
    if (scenario.topology.name == "full") node.neighbours = world.Present();
  }
  node.address = wanted.address ? *wanted.address : NextDefaultAddress(world);

  const NodeId id = node.id;
  const std::vector<NodeId> neighbours = node.neighbours;
  DELSTEP_TRY(Enroll(world, std::move(node)));
  if (!wanted.like)
    world.undealt.resize(world.undealt.size() - *scenario.partition.samples_per_node);
  if (wanted.like) {
    for (Node& other : world.nodes)
      if (other.HasNeighbour(*wanted.like)) other.AddNeighbour(id);
  } else {
    for (const NodeId neighbour : neighbours) world.at(neighbour).AddNeighbour(id);
  }
  const Node& added = world.at(id);
  run.Note(NodeAdded{id, ToString(added.address), added.name,
                     added.training->size() + added.held_out->size(), wanted.like});
  return id;
}

Result<RemoveReport> RemoveNode(Run& run, NodeId id) {
  World& world = run.world;
  DELSTEP_TRY(world.network->Detach(id));
  RemoveReport report;
  DELSTEP_ASSIGN(report.lost, CollectOutcomes(run));
  report.lost += LoseMessagesOf(run, id, LossReason::kDetached);

  for (NodeGroup& group : world.groups)
    if (std::erase(group.members, id) > 0) {
      report.groups.push_back(group.name);
      run.Note(GroupLeft{group.name, id});
    }
  for (Node& node : world.nodes) {
    const auto place = std::ranges::lower_bound(node.neighbours, id);
    if (place != node.neighbours.end() && *place == id) node.neighbours.erase(place);
  }
  const auto is_end = [&](const auto& pair) { return pair.first == id || pair.second == id; };
  std::erase_if(world.single_links, [&](const auto& entry) { return is_end(entry.first); });
  std::erase_if(world.plain_links, is_end);
  Node& node = world.at(id);
  world.by_name.erase(ToString(node.address));
  world.by_name.erase(node.name);
  // What it has learnt and held goes; its address stays for those who remember it.
  Node left;
  left.id = id;
  left.address = node.address;
  left.name = node.name;
  left.present = false;
  left.up = false;
  node = std::move(left);
  run.Note(NodeRemoved{id});
  return report;
}

Result<std::size_t> SetUp(Run& run, NodeId id, bool up) {
  Node& node = run.world.at(id);
  if (node.up == up) return std::size_t{0};
  DELSTEP_TRY(run.world.network->SetUp(id, up));
  node.up = up;
  if (up)
    run.Note(NodeCameUp{id});
  else
    run.Note(NodeWentDown{id});
  return CollectOutcomes(run);
}

}  // namespace delstep
