#include "topology/assemble.h"

#include <algorithm>
#include <cassert>
#include <tuple>
#include <utility>

namespace delstep {

Graph Assemble(std::uint32_t nodes, std::vector<Graph::Edge> edges) {
  const auto less = [](const Graph::Edge& x, const Graph::Edge& y) {
    return std::tie(x.a, x.b) < std::tie(y.a, y.b);
  };
  // Every edge from the lower to the higher number: so a-b and b-a are found to be the same.
  for (Graph::Edge& edge : edges) {
    if (edge.a > edge.b) std::swap(edge.a, edge.b);
    assert(edge.a < edge.b && edge.b < nodes);
  }
  // Stable: of two edges between the same nodes the first one stays, with its weight.
  if (!std::ranges::is_sorted(edges, less)) std::ranges::stable_sort(edges, less);
  const auto same = [](const Graph::Edge& x, const Graph::Edge& y) {
    return x.a == y.a && x.b == y.b;
  };
  edges.erase(std::unique(edges.begin(), edges.end(), same), edges.end());
  Graph graph;
  graph.nodes = nodes;
  graph.edges = std::move(edges);
  return graph;
}

}  // namespace delstep
