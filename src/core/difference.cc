#include "core/difference.h"

#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "core/acts/attack.h"
#include "core/statistics.h"

namespace delstep {
namespace {

using Pair = std::array<const Node*, 2>;  // null: not present there

NodeName NameOf(const Node& node) { return {.address = ToString(node.address), .name = node.name}; }

std::map<Address, Pair> MatchNodes(const World& a, const World& b) {
  std::map<Address, Pair> pairs;
  for (const std::size_t side : {0u, 1u})
    for (const Node& node : (side == 0 ? a : b).nodes)
      if (node.present) pairs[node.address][side] = &node;
  return pairs;
}

void CompareOptions(const Pair& pair, Difference& difference) {
  std::map<std::string, std::array<std::optional<double>, 2>> options;
  for (const std::size_t side : {0u, 1u})
    for (const auto& [key, value] : pair[side]->own_options) options[key][side] = value;
  for (const auto& [key, values] : options)
    if (values[0] != values[1])
      difference.own_options.push_back({.node = NameOf(*pair[1]), .key = key, .values = values});
}

using Value = ValueDifference::Value;

/// Names of a list of nodes, by address.
std::vector<std::string> NamesOf(const World& world, const std::vector<NodeId>& nodes) {
  std::vector<std::string> names;
  for (const NodeId node : nodes) names.push_back(world.at(node).Called());
  return names;
}

/// What lists hold: how much of it, or, where that is equal, what.
std::array<Value, 2> ListValues(const std::array<std::vector<std::string>, 2>& lists) {
  if (lists[0].size() != lists[1].size())
    return {std::uint64_t{lists[0].size()}, std::uint64_t{lists[1].size()}};
  return {Join(lists[0], ", "), Join(lists[1], ", ")};
}

bool HasSameLabels(const Node& a, const Node& b) {
  if (a.own_labels == b.own_labels) return true;
  return a.own_labels && b.own_labels && a.own_labels->labels == b.own_labels->labels;
}

void CompareLists(const std::array<const World*, 2>& worlds, const Pair& pair,
                  Difference& difference) {
  const NodeName name = NameOf(*pair[1]);
  const auto note = [&](std::string key, const std::array<std::vector<std::string>, 2>& lists) {
    if (lists[0] != lists[1])
      difference.values.push_back({std::move(key), name, ListValues(lists)});
  };
  if (!pair[0]->neighbours.SharesWith(pair[1]->neighbours))
    note("neighbours",
         {NamesOf(*worlds[0], *pair[0]->neighbours), NamesOf(*worlds[1], *pair[1]->neighbours)});
  const auto messages = [&](const char* key, auto list_of) {
    std::array<std::vector<std::string>, 2> lists;
    for (const std::size_t side : {0u, 1u})
      for (const ModelMessage& message : list_of(side))
        lists[side].push_back(std::to_string(static_cast<std::uint64_t>(message.header.id)));
    note(key, lists);
  };
  messages(
      "waiting", [&](std::size_t side) -> const auto& { return *pair[side]->waiting; });
  messages(
      "inbox", [&](std::size_t side) -> const auto& { return *pair[side]->inbox; });
  std::array<std::vector<std::string>, 2> met;
  for (const std::size_t side : {0u, 1u})
    for (const Encounter& record : pair[side]->guestbook.records())
      met[side].push_back(worlds[side]->at(record.peer).Called());
  note("guestbook", met);
}

/// How a node is, apart from its model.
void CompareStates(const std::array<const World*, 2>& worlds, const Pair& pair,
                   Difference& difference) {
  const NodeName name = NameOf(*pair[1]);
  const auto note = [&](const char* key, Value before, Value after) {
    if (before != after)
      difference.values.push_back({key, name, {std::move(before), std::move(after)}});
  };
  note("up", pair[0]->up, pair[1]->up);
  note("lrate", pair[0]->rate, pair[1]->rate);
  note("attack", Name(pair[0]->attack), Name(pair[1]->attack));
  if (!HasSameLabels(*pair[0], *pair[1])) {
    const auto said = [](const Node& node) { return node.own_labels ? "changed" : "as dealt"; };
    difference.values.push_back(
        {"labels", name, {Value(std::string(said(*pair[0]))), Value(std::string(said(*pair[1])))}});
  }
  const MailCount before = worlds[0]->mail.Of(pair[0]->id), after = worlds[1]->mail.Of(pair[1]->id);
  note("outbox", std::uint64_t{before.outbox}, std::uint64_t{after.outbox});
  note("in flight", std::uint64_t{before.in_flight_from}, std::uint64_t{after.in_flight_from});
  CompareLists(worlds, pair, difference);
}

void CompareLinks(const World& a, const World& b, Difference& difference) {
  if (a.default_link != b.default_link)
    difference.links.push_back({.from = {}, .to = {}, .links = {a.default_link, b.default_link}});
  if (a.single_links.SharesWith(b.single_links)) return;
  std::map<std::pair<Address, Address>, std::array<const LinkProperties*, 2>> links;
  std::map<Address, NodeName> names;
  for (const std::size_t side : {0u, 1u}) {
    const World& world = side == 0 ? a : b;
    for (const auto& [ends, link] : *world.single_links) {
      const Node &from = world.at(ends.first), &to = world.at(ends.second);
      names[from.address] = NameOf(from);
      names[to.address] = NameOf(to);
      links[{from.address, to.address}][side] = &link;
    }
  }
  for (const auto& [ends, link] : links) {
    const LinkProperties& before = link[0] ? *link[0] : a.default_link;
    const LinkProperties& after = link[1] ? *link[1] : b.default_link;
    // What all links without properties of their own do is told once.
    const bool as_all = before == a.default_link && after == b.default_link;
    if (before != after && !as_all)
      difference.links.push_back(
          {.from = names[ends.first], .to = names[ends.second], .links = {before, after}});
  }
}

void CompareGroups(const World& a, const World& b, Difference& difference) {
  if (a.groups.SharesWith(b.groups)) return;
  std::map<std::string, std::array<std::optional<std::vector<std::string>>, 2>> groups;
  for (const std::size_t side : {0u, 1u})
    for (const NodeGroup& group : *(side == 0 ? a : b).groups)
      groups[group.name][side] = NamesOf(side == 0 ? a : b, group.members.list());
  for (const auto& [name, members] : groups) {
    if (members[0] == members[1]) continue;
    std::array<Value, 2> values;
    if (members[0] && members[1]) values = ListValues({*members[0], *members[1]});
    for (const std::size_t side : {0u, 1u})
      if (members[side] && !members[1 - side]) values[side] = std::uint64_t{members[side]->size()};
    difference.values.push_back({"group " + name, {}, std::move(values)});
  }
}

void CompareNodes(const World& a, const World& b, Difference& difference) {
  for (const auto& [address, pair] : MatchNodes(a, b)) {
    const Node& named = *(pair[1] ? pair[1] : pair[0]);
    NodeDifference node{
        .node = NameOf(named), .present = {pair[0] != nullptr, pair[1] != nullptr}, .distance = {}};
    for (const std::size_t side : {0u, 1u})
      if (pair[side] && difference.scope)
        if (const Evaluated* test = pair[side]->LastTest(*difference.scope)) {
          node.accuracy[side] = test->accuracy;
          node.older[side] = pair[side]->IsTestOlder(*difference.scope);
        }
    if (pair[0] && pair[1]) {
      // A shared row need not be read to know that it is equal to itself.
      node.distance =
          pair[0]->model == pair[1]->model ? 0 : Distance(pair[0]->model, pair[1]->model);
      CompareOptions(pair, difference);
      CompareStates({&a, &b}, pair, difference);
    }
    // Of the model that is there.
    const auto accuracy = [&](std::size_t side) {
      return node.older[side] ? std::nullopt : node.accuracy[side];
    };
    if (node.distance != 0.0 || accuracy(0) != accuracy(1))
      difference.nodes.push_back(std::move(node));
  }
}

std::uint64_t LostOn(const LinkTraffic& traffic) {
  std::uint64_t lost = 0;
  for (const std::uint32_t count : traffic.lost) lost += count;
  return lost;
}

/// By addresses, also those of nodes that have left.
void CompareTraffic(const World& a, const World& b, Difference& difference) {
  struct OfLink {
    std::array<std::uint64_t, 2> sent{}, lost{}, delivered{};
    const Node* from = nullptr;
    const Node* to = nullptr;
  };
  std::map<std::pair<Address, Address>, OfLink> links;
  for (const std::size_t side : {0u, 1u}) {
    const World& world = side == 0 ? a : b;
    world.traffic.links.ForEach([&](NodeId from, NodeId to, const LinkTraffic& traffic) {
      OfLink& link = links[{world.at(from).address, world.at(to).address}];
      link.from = &world.at(from);
      link.to = &world.at(to);
      link.sent[side] = traffic.sent;
      link.lost[side] = LostOn(traffic);
      link.delivered[side] = traffic.delivered;
    });
  }
  for (const auto& [ends, link] : links) {
    if (link.sent[0] != link.sent[1] || link.lost[0] != link.lost[1])
      difference.traffic.push_back({.from = NameOf(*link.from),
                                    .to = NameOf(*link.to),
                                    .sent = link.sent,
                                    .lost = link.lost});
    const std::array<bool, 2> met = {link.delivered[0] > 0, link.delivered[1] > 0};
    if (met[0] != met[1])
      difference.met.push_back({.node = NameOf(*link.to), .peer = NameOf(*link.from), .met = met});
  }
}

}  // namespace

Difference Compare(const World& a, const World& b) {
  Difference difference{.at = {a.now, b.now},
                        .cycle = {a.cycle, b.cycle},
                        .scope = b.last_scope ? b.last_scope : a.last_scope};
  if (a.autonet != b.autonet)
    difference.values.push_back({"autonet", {}, {Value(a.autonet), Value(b.autonet)}});
  CompareLinks(a, b, difference);
  CompareGroups(a, b, difference);
  CompareNodes(a, b, difference);
  CompareTraffic(a, b, difference);
  return difference;
}

}  // namespace delstep
