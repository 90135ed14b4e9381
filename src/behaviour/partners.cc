#include "behaviour/partners.h"

#include <algorithm>
#include <utility>

namespace delstep {

bool Reaches(const Host& node, NodeId peer) {
  return std::ranges::binary_search(node.neighbours(), peer) && node.IsPartner(peer);
}

std::vector<NodeId> Partners(const Host& node) {
  std::vector<NodeId> partners;
  for (const NodeId neighbour : node.neighbours())
    if (node.IsPartner(neighbour)) partners.push_back(neighbour);
  return partners;
}

std::vector<NodeId> DrawFrom(Host& node, std::vector<NodeId> from, std::size_t count) {
  count = std::min(count, from.size());
  Random random = node.Draw();
  // The first steps of a Fisher-Yates shuffle: no more draws than are needed.
  for (std::size_t i = 0; i < count; ++i)
    std::swap(from[i], from[i + static_cast<std::size_t>(random.Below(from.size() - i))]);
  from.resize(count);
  return from;
}

std::vector<NodeId> DrawPartners(Host& node, std::size_t count) {
  return DrawFrom(node, Partners(node), count);
}

}  // namespace delstep
