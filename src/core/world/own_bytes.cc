#include "core/world/own_bytes.h"

#include <cstddef>

namespace delstep {
namespace {

/// Of an entry of a map or hash map, beside its content.
constexpr Bytes kEntry = 4 * sizeof(void*);

/// A list that was copied, element by element.
template <class List>
Bytes BytesOf(const List& list) {
  return list.size() * sizeof(typename List::value_type);
}

/// A node of which something has changed: it is a copy, but its largest lists may still be shared.
Bytes BytesOfChanged(const Node& node, const Node* before) {
  Bytes bytes = sizeof(Node) + BytesOf(node.waiting) + BytesOf(node.inbox) +
                BytesOf(node.last_tests) + node.own_options.size() * (kEntry + sizeof(double));
  if (!before || !node.neighbours.SharesWith(before->neighbours))
    bytes += BytesOf(*node.neighbours);
  if (!before || !node.guestbook.SharesWith(before->guestbook))
    bytes += node.guestbook.records().size() * sizeof(Encounter);
  return bytes;
}

Bytes BytesOfNodes(const Nodes& nodes, const Nodes& base) {
  Bytes bytes = nodes.size() * sizeof(Cow<Node>);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool known = i < base.size();
    if (known && nodes.Shares(base, i)) continue;
    bytes += BytesOfChanged(nodes[i], known ? &base[i] : nullptr);
  }
  return bytes;
}

}  // namespace

Bytes OwnBytes(const World& world, const World& base) {
  Bytes bytes = sizeof(World) + BytesOfNodes(world.nodes, base.nodes);
  const auto add = [&](const auto& list, const auto& before, Bytes per_item) {
    if (!list.SharesWith(before)) bytes += list->size() * per_item;
  };
  add(world.by_name, base.by_name, kEntry + sizeof(std::string) + sizeof(NodeId));
  add(world.used_addresses, base.used_addresses, kEntry);
  add(world.undealt, base.undealt, sizeof(std::uint32_t));
  add(world.groups, base.groups, sizeof(NodeGroup));
  add(world.single_links, base.single_links, kEntry + sizeof(LinkProperties));
  add(world.outbox, base.outbox, sizeof(ModelMessage));
  add(world.in_flight, base.in_flight, kEntry + sizeof(ModelMessage));
  bytes += world.traffic.latency.OwnBytes(base.traffic.latency) +
           world.traffic.links.OwnBytes(base.traffic.links);
  if (world.network && !world.network.SharesWith(base.network))
    bytes += world.network->in_flight() * sizeof(Outcome);
  if (world.scenario != base.scenario) bytes += sizeof(Scenario);
  return bytes;
}

}  // namespace delstep
