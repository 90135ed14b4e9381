#include "topology/properties.h"

#include <utility>

namespace delstep {
namespace {

/// How many numbers two ascending lists have in common.
std::size_t CountCommon(const std::vector<std::uint32_t>& x, const std::vector<std::uint32_t>& y) {
  std::size_t common = 0;
  for (auto i = x.begin(), j = y.begin(); i != x.end() && j != y.end();) {
    if (*i == *j) ++common;
    const bool advance_i = *i <= *j, advance_j = *j <= *i;
    i += advance_i;
    j += advance_j;
  }
  return common;
}

}  // namespace

std::vector<std::vector<std::uint32_t>> Neighbours(const Graph& graph) {
  std::vector<std::vector<std::uint32_t>> neighbours(graph.nodes);
  // Edges ascend by (a, b): first come a node's smaller neighbours, then its larger ones.
  for (const auto& edge : graph.edges) {
    neighbours[edge.a].push_back(edge.b);
    neighbours[edge.b].push_back(edge.a);
  }
  return neighbours;
}

std::vector<std::size_t> Degrees(const Graph& graph) {
  std::vector<std::size_t> degrees(graph.nodes);
  for (const auto& edge : graph.edges) {
    ++degrees[edge.a];
    ++degrees[edge.b];
  }
  return degrees;
}

std::size_t CountComponents(const Graph& graph) {
  const auto neighbours = Neighbours(graph);
  std::vector<bool> reached(graph.nodes);
  // A list of its own instead of recursion: a line of a million nodes would overflow the stack.
  std::vector<std::uint32_t> waiting;
  std::size_t components = 0;
  const auto reach = [&](std::uint32_t node) {
    if (reached[node]) return false;
    reached[node] = true;
    waiting.push_back(node);
    return true;
  };
  for (std::uint32_t start = 0; start < graph.nodes; ++start) {
    if (reach(start)) ++components;
    while (!waiting.empty()) {
      const std::uint32_t node = waiting.back();
      waiting.pop_back();
      for (const std::uint32_t other : neighbours[node]) reach(other);
    }
  }
  return components;
}

double AverageClustering(const Graph& graph) {
  if (graph.nodes == 0) return 0;
  const auto neighbours = Neighbours(graph);
  std::vector<std::size_t> linked(graph.nodes);  // ordered pairs of neighbours that are neighbours
  for (const auto& edge : graph.edges) {
    // Each triangle is met at its three edges, and counts for the two ends of each.
    const std::size_t common = CountCommon(neighbours[edge.a], neighbours[edge.b]);
    linked[edge.a] += common;
    linked[edge.b] += common;
  }
  double sum = 0;
  for (std::uint32_t node = 0; node < graph.nodes; ++node) {
    const std::size_t degree = neighbours[node].size();
    if (degree > 1)
      sum += static_cast<double>(linked[node]) / static_cast<double>(degree * (degree - 1));
  }
  return sum / graph.nodes;
}

}  // namespace delstep
