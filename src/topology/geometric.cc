#include <algorithm>
#include <cassert>
#include <numeric>
#include <tuple>
#include <utility>
#include <vector>

#include "topology/assemble.h"
#include "topology/generators.h"

namespace delstep {

Graph GeometricGraph(std::span<const Position> positions, double radius) {
  assert(radius >= 0);
  const auto nodes = static_cast<std::uint32_t>(positions.size());
  // From left to right, each node need look only as far as the radius.
  std::vector<std::uint32_t> order(nodes);
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return std::tuple(positions[i].x, i); });
  std::vector<Graph::Edge> edges;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Position& here = positions[order[i]];
    for (std::size_t j = i + 1; j < order.size(); ++j) {
      const Position& there = positions[order[j]];
      const double dx = there.x - here.x, dy = there.y - here.y, dz = there.z - here.z;
      // All others lie farther to the right.
      if (dx > radius) break;
      if (dx * dx + dy * dy + dz * dz <= radius * radius) edges.push_back({order[i], order[j]});
    }
  }
  Graph graph = Assemble(nodes, std::move(edges));
  graph.positions.assign(positions.begin(), positions.end());
  return graph;
}

}  // namespace delstep
