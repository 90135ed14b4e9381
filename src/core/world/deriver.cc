#include "core/world/deriver.h"

#include <utility>

namespace delstep {

void Deriver::Derive(World& world) {
  // Messages count where they come from, and those under way at both of their ends.
  world.outbox->ForEach(
      [&](const ModelMessage& message) { ++world.mail.Write(message.header.from).outbox; });
  world.in_flight.ForEach([&](const ModelMessage& message) {
    ++world.mail.Write(message.header.from).in_flight_from;
    ++world.mail.Write(message.header.to).in_flight_to;
  });
  std::unordered_map<std::string, NodeId> names;
  for (const Node& node : world.nodes) {
    world.waiting += node.waiting->size();
    if (node.present) {
      names.emplace(ToString(node.address), node.id);
      if (!node.name.empty()) names.emplace(node.name, node.id);
    }
  }
  // Nodes seldom come and go, so most worlds of a run have the same names.
  if (*names_ != names) names_ = std::move(names);
  world.by_name = names_;
}

}  // namespace delstep
