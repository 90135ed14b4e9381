#include "core/views.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "core/acts/attack.h"
#include "core/acts/behave.h"
#include "core/acts/labels.h"
#include "core/acts/presence.h"
#include "core/statistics.h"

namespace delstep {

// A copy of what is known, nothing computed but the staleness: a view of every node of a large run
// must stay cheap.
NodeView ViewOf(const World& world, NodeId id) {
  const Node& node = world.at(id);
  assert(node.present);
  NodeView view;
  view.node = id;
  view.address = ToString(node.address);
  view.name = node.name;
  view.up = node.up;
  view.train_samples = node.training->size();
  view.held_out_samples = node.held_out->size();
  view.neighbours = *node.neighbours;
  // Groups know their members, not the other way round.
  for (const NodeGroup& group : *world.groups)
    if (group.members.Has(id)) view.groups.push_back(group.name);
  view.trained = node.trained;
  if (const auto& training = node.training_now)
    view.busy_until = training->left ? world.now + *training->left : training->ends;
  view.behaviour = BehaviourTitle(world, node);
  view.attack = Name(node.attack);
  view.rate = node.rate;
  const MailCount& mail = world.mail.Of(id);
  view.outbox = mail.outbox;
  view.in_flight_to = mail.in_flight_to;
  view.in_flight_from = mail.in_flight_from;
  view.waiting = node.waiting->size();
  view.inbox = node.inbox->size();
  view.encounters = node.guestbook.records().size();
  view.last_trained = node.last_trained;
  view.last_tests = node.last_tests;
  if (!node.last_tests.empty()) view.last_evaluated = node.last_tests.back();
  view.staleness = Staleness(world, node);
  view.own_options.assign(node.own_options.begin(), node.own_options.end());
  return view;
}

NodeView ViewOf(const Run& run, NodeId id) {
  NodeView view = ViewOf(run.world, id);
  view.changed_labels = ChangedLabels(run, run.world.at(id));
  view.away = !view.up && !IsOnlineByPlan(run.engine, id, run.world.now);
  return view;
}

std::vector<std::string> BehavioursOf(const World& world) {
  std::set<std::string> names;
  for (const Node& node : world.nodes)
    if (node.present) names.insert(BehaviourName(world, node));
  return {names.begin(), names.end()};
}

// Addresses and names are in one table: a name cannot look like an address (scenario/names.h).
std::optional<NodeId> FindPresent(const World& world, std::string_view address_or_name) {
  const auto found = world.by_name->find(std::string(address_or_name));
  if (found == world.by_name->end()) return std::nullopt;
  return found->second;
}

std::vector<GroupView> GroupsOf(const World& world) {
  std::vector<GroupView> views;
  for (const NodeGroup& group : *world.groups)
    views.push_back({.name = group.name, .members = group.members.list()});
  return views;
}

// A row that two hold is never written to: training and averaging take fresh ones.
ModelValues ModelOf(const World& world, NodeId id) {
  const Node& node = world.at(id);
  assert(node.present);
  auto owner = std::make_shared<const Row>(node.model);
  return {.values = owner->view(), .owner = std::move(owner)};
}

std::vector<EncounterView> EncountersOf(const World& world, NodeId id) {
  const Node& node = world.at(id);
  std::vector<EncounterView> views;
  for (const Encounter& record : node.guestbook.records())
    views.push_back({
        .peer = record.peer,
        .address = ToString(world.at(record.peer).address),
        .expiry = record.expiry,
        .samples = record.model.samples,
        .sent = record.sent,
        .received = record.received,
        // The one thing here that reads models.
        .distance = Distance(record.model.row, node.model),
    });
  return views;
}

namespace {

LinkView ViewOfLink(const World& world, NodeId from, NodeId to) {
  return {.from = from,
          .to = to,
          .link = world.Link(from, to),
          .single = world.single_links->contains({from, to})};
}

}  // namespace

std::vector<LinkView> LinksOf(const World& world) {
  std::vector<LinkView> links;
  for (const Node& node : world.nodes)
    for (const NodeId to : *node.neighbours) links.push_back(ViewOfLink(world, node.id, to));
  return links;
}

std::vector<LinkView> LinksOf(const World& world, NodeId node) {
  std::vector<LinkView> links;
  for (const NodeId to : *world.at(node).neighbours) links.push_back(ViewOfLink(world, node, to));
  // Nodes do not know who has a link to them.
  for (const Node& other : world.nodes)
    if (other.HasNeighbour(node)) links.push_back(ViewOfLink(world, other.id, node));
  return links;
}

std::vector<LinkView> LinksAmong(const World& world, std::span<const NodeId> nodes) {
  std::vector<bool> chosen(world.nodes.size());
  for (const NodeId node : nodes) chosen[Index(node)] = true;
  std::vector<LinkView> links;
  for (const Node& node : world.nodes) {
    if (!chosen[Index(node.id)]) continue;
    for (const NodeId to : *node.neighbours)
      if (chosen[Index(to)]) links.push_back(ViewOfLink(world, node.id, to));
  }
  return links;
}

Graph TopologyOf(const Run& run) {
  const World& world = run.world;
  const std::vector<NodeId> present = world.Present();
  // Nodes of a graph are numbered without gaps; those that have left leave some among the ids.
  std::vector<std::uint32_t> place(world.nodes.size());
  Graph graph;
  graph.nodes = static_cast<std::uint32_t>(present.size());
  for (const NodeId id : present) {
    place[Index(id)] = static_cast<std::uint32_t>(graph.labels.size());
    graph.labels.push_back(ToString(world.at(id).address));
  }
  const auto is_up = [&](NodeId from, NodeId to) {
    return world.at(from).HasNeighbour(to) && world.Link(from, to).up;
  };
  const auto weight_of = [&](NodeId a, NodeId b) {
    const auto found = run.engine.edge_weights.find({a, b});
    return found == run.engine.edge_weights.end() ? 1.0 : found->second;
  };
  const auto add = [&](NodeId a, NodeId b) {
    if (is_up(a, b) || is_up(b, a))
      graph.edges.push_back(
          {.a = place[Index(a)], .b = place[Index(b)], .weight = weight_of(a, b)});
  };
  for (const NodeId a : present)
    for (const NodeId b : *world.at(a).neighbours) {
      // Two neighbours give one edge, whichever of them has the link.
      if (a < b) add(a, b);
      if (a > b && !world.at(b).HasNeighbour(a)) add(b, a);
    }
  std::ranges::sort(graph.edges, {}, [](const Graph::Edge& e) { return std::pair(e.a, e.b); });
  // What a link has of its own and the default has not. They come ascending, and places ascend with
  // ids.
  for (const auto& [ends, link] : *world.single_links) {
    if (!world.at(ends.first).HasNeighbour(ends.second) || !link.up) continue;
    Graph::Link own;
    own.from = place[Index(ends.first)];
    own.to = place[Index(ends.second)];
    if (link.loss != world.default_link.loss) own.loss = link.loss;
    if (link.latency != world.default_link.latency) own.latency = link.latency;
    if (link.bandwidth != world.default_link.bandwidth) own.bandwidth = link.bandwidth;
    if (!own.empty()) graph.links.push_back(own);
  }
  return graph;
}

}  // namespace delstep
