#include "core/difference.h"

#include <map>
#include <set>
#include <tuple>
#include <utility>

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
  CompareNodes(a, b, difference);
  CompareTraffic(a, b, difference);
  return difference;
}

}  // namespace delstep
