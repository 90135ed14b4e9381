#include "core/world/world.h"

#include <algorithm>
#include <cassert>

namespace delstep {

bool Node::HasNeighbour(NodeId other) const {
  return std::ranges::binary_search(neighbours, other);
}

bool Node::AddNeighbour(NodeId other) {
  // Kept ascending, so that a search is quick and every command handles neighbours in one order.
  const auto place = std::ranges::lower_bound(neighbours, other);
  if (place != neighbours.end() && *place == other) return false;
  neighbours.insert(place, other);
  return true;
}

void LatencyRecord::Note(Duration latency) {
  // Filled first, then overwritten from the oldest on.
  if (nanoseconds.size() < kCapacity) {
    nanoseconds.push_back(latency.count());
    return;
  }
  nanoseconds[next] = latency.count();
  next = (next + 1) % kCapacity;
}

std::uint64_t Traffic::total_lost() const {
  std::uint64_t total = 0;
  for (const auto& [reason, count] : lost) total += count;
  return total;
}

// Ascending, since nodes are kept by number. Nodes that have left keep their place in the list.
std::vector<NodeId> World::Present() const {
  std::vector<NodeId> present;
  present.reserve(nodes.size());
  for (const Node& node : nodes)
    if (node.present) present.push_back(node.id);
  return present;
}

const NodeGroup* World::FindGroup(std::string_view name) const {
  const auto found = std::ranges::find(groups, name, &NodeGroup::name);
  return found == groups.end() ? nullptr : &*found;
}

const LinkProperties& World::Link(NodeId from, NodeId to) const {
  const auto found = single_links.find({from, to});
  return found == single_links.end() ? default_link : found->second;
}

OwnedNetwork::OwnedNetwork(const OwnedNetwork& other)
    : network_(other.network_ ? other.network_->Clone() : nullptr) {
  // A backend that cannot be cloned must not be copied: see NetworkTraits::can_snapshot.
  assert(!other.network_ || network_);
}

}  // namespace delstep
