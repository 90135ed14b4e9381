#include "core/acts/membership.h"
#include "core/acts/backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/acts/behave.h"
#include "core/acts/deal.h"
#include "core/acts/message_outcomes.h"
#include "core/acts/network_attempt.h"
#include "core/acts/presence.h"
#include "core/acts/why.h"
#include "core/engine/compute.h"

namespace delstep {

namespace {

/// What may forbid the new node, before anything has changed.
Result<void> CheckNewNode(const World& world, const NewNode& wanted) {
  if (wanted.address && world.used_addresses->contains(wanted.address->value))
    return Refused(fmt::format("the address {} has been used; addresses are never reused",
                               ToString(*wanted.address)));
  if (!wanted.name.empty() && world.by_name->contains(wanted.name))
    return Refused(fmt::format("there is a node named '{}' already", wanted.name));
  return {};
}

/// Data and neighbours of a node that joins.
Result<void> GiveDataAndNeighbours(const Run& run, const NewNode& wanted, Node& node) {
  if (wanted.like) {
    const Node& model = run.world.at(*wanted.like);
    node.training = model.training;
    node.held_out = model.held_out;
    node.own_labels = model.own_labels;
    if (!run.engine.contacts) node.neighbours = model.neighbours;
    return {};
  }
  DELSTEP_ASSIGN(std::vector<std::uint32_t> examples, ExamplesForNewNode(run));
  AssignExamples(*run.engine.scenario, std::move(examples), node);
  // Other topologies say nothing of a node more: it joins without links.
  if (run.engine.scenario->topology.name == "full") node.neighbours = run.world.Present();
  return {};
}

/// Makes the links that others have to the new node: those with a link to the node it is like, else
/// its own neighbours.
void LinkBack(World& world, NodeId id, const std::optional<NodeId>& like) {
  if (like) {
    for (const Node& other : world.nodes)
      if (other.HasNeighbour(*like)) world.Change(other.id).AddNeighbour(id);
  } else {
    for (const NodeId neighbour : *world.at(id).neighbours)
      world.Change(neighbour).AddNeighbour(id);
  }
}

/// The place of the next default address. All before world.next_default_address have been used, so
/// that a run with many nodes need not look at them again.
std::size_t FirstUnused(const World& world) {
  std::size_t place = world.next_default_address;
  while (world.used_addresses->contains(DefaultAddress(place).value)) ++place;
  return place;
}

/// Nobody can send to the node any more, and no property of a link to or from it is kept: its
/// number is never used again.
void ForgetLinksOf(World& world, NodeId id) {
  for (const Node& node : world.nodes)
    if (node.HasNeighbour(id)) std::erase(world.Change(node.id).neighbours.Write(), id);
  const auto is_end = [&](const auto& pair) { return pair.first == id || pair.second == id; };
  std::erase_if(world.single_links.Write(), [&](const auto& entry) { return is_end(entry.first); });
}

/// In the order in which groups were made, as the report lists them.
std::vector<std::string> LeaveGroups(Run& run, NodeId id) {
  std::vector<std::string> left;
  for (NodeGroup& group : run.world.groups.Write())
    if (group.members.Has(id)) {
      group.members.Remove({&id, 1});
      left.push_back(group.name);
      run.Note(GroupLeft{.group = group.name, .node = id});
    }
  return left;
}

/// What it has learnt and held goes; its address stays for those who remember it.
void ForgetNode(World& world, NodeId id) {
  Node& node = world.Change(id);
  world.by_name.Write().erase(ToString(node.address));
  world.by_name.Write().erase(node.name);
  Node left;
  left.id = id;
  left.address = node.address;
  left.name = node.name;
  left.present = false;
  left.up = false;
  node = std::move(left);
}

}  // namespace

void GiveInitialModel(const Engine& engine, std::pair<Row, Row> rows, Node& node) {
  std::tie(node.model, node.state) = std::move(rows);
  node.anchor = node.model;
  if (FollowsOrigins(*engine.scenario)) node.origin = InitialOrigin(node.id, 0);
  // A common beginning need not be sent: receivers have it, and only what differs is compressed.
  if (engine.compressor && engine.scenario->model.init == "common") node.known = node.model;
}

Result<void> EnterNode(const Engine& engine, World& world, Node node) {
  assert(Index(node.id) == world.nodes.size());
  // The network first: it may refuse, the tables cannot.
  Network& network = *world.network.Write();
  DELSTEP_TRY(network.Attach(node.id));
  DELSTEP_TRY(GiveCapacities(engine, network, {&node.id, 1}));
  world.by_name.Write().emplace(ToString(node.address), node.id);
  if (!node.name.empty()) world.by_name.Write().emplace(node.name, node.id);
  world.used_addresses.Write().insert(node.address.value);
  world.nodes.Add(std::move(node));
  world.next_default_address = FirstUnused(world);
  return {};
}

Address NextDefaultAddress(const World& world) { return DefaultAddress(FirstUnused(world)); }

Result<NodeId> AddNode(Run& run, const NewNode& wanted) {
  World& world = run.world;
  DELSTEP_TRY(CheckNewNode(world, wanted));
  Node node;
  // Numbers go up by one and are never used again, so this one is new also after removals.
  node.id = static_cast<NodeId>(world.nodes.size());
  node.rate = run.engine.scenario->aggregation.rate;
  node.name = wanted.name;
  DELSTEP_ASSIGN(auto rows, InitialRows(run.engine, {&node.id, 1}));
  GiveInitialModel(run.engine, std::move(rows.front()), node);
  DELSTEP_TRY(GiveDataAndNeighbours(run, wanted, node));
  node.address = wanted.address ? *wanted.address : NextDefaultAddress(world);

  const NodeId id = node.id;
  DELSTEP_TRY(EnterNode(run.engine, world, std::move(node)));
  DELSTEP_TRY(TellLegsOf(run, id));
  // The examples are taken only now that nothing can refuse the node any more.
  if (!wanted.like)
    world.undealt.Write().resize(world.undealt->size() -
                                 *run.engine.scenario->partition.samples_per_node);
  // Where nodes meet, contacts make the links.
  if (!run.engine.contacts) LinkBack(world, id, wanted.like);
  BeginBehaviour(run, id);
  const Node& added = world.at(id);
  run.Note(NodeAdded{
      .node = id,
      .address = ToString(added.address),
      .name = added.name,
      .samples = added.training->size() + added.held_out->size(),
      .like = wanted.like,
  });
  DELSTEP_TRY(BeginPresence(run, id));
  if (run.engine.contacts)
    DELSTEP_TRY(FollowContacts(run));
  else if (world.at(id).up)
    TellOfNodeLater(run, id);
  return id;
}

Result<RemoveReport> RemoveNode(Run& run, NodeId id) {
  World& world = run.world;
  DELSTEP_ASSIGN(const Passage ended,
                 AttemptAndCollect(world, [&](Network& network) { return network.Detach(id); }));
  RemoveReport report;
  // Messages first, while both ends of each are still known by their addresses.
  report.lost = NoteEnds(run, ended);
  report.lost += LoseMessagesOf(run, id, LossReason::kDetached);
  report.groups = LeaveGroups(run, id);
  if (run.engine.contacts)
    DELSTEP_TRY(EndContactsOf(run, id));
  else if (world.at(id).up)  // else all have lost it already
    TellOfNodeLater(run, id);
  ForgetLinksOf(world, id);
  ForgetNode(world, id);
  run.computed.erase(id);
  Renew(run, id);
  run.Note(NodeRemoved{.node = id});
  return report;
}

}  // namespace delstep
