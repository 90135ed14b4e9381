#include <cassert>
#include <utility>
#include <vector>

#include "topology/assemble.h"
#include "topology/generators.h"

namespace delstep {

// Written in order, (0, 1), (0, 2), ...: nothing is left to sort.
Graph FullGraph(std::uint32_t nodes) {
  Graph graph{nodes, {}, {}, {}};
  graph.edges.reserve(std::uint64_t{nodes} * (nodes > 0 ? nodes - 1 : 0) / 2);
  for (std::uint32_t a = 0; a < nodes; ++a)
    for (std::uint32_t b = a + 1; b < nodes; ++b) graph.edges.push_back({a, b});
  return graph;
}

Graph RingGraph(std::uint32_t nodes) {
  Graph line = LineGraph(nodes);
  // A ring of two is a line: the second edge would be the first again.
  if (nodes > 2) line.edges.push_back({0, nodes - 1});
  return Assemble(nodes, std::move(line.edges));
}

Graph LineGraph(std::uint32_t nodes) {
  Graph graph{nodes, {}, {}, {}};
  for (std::uint32_t b = 1; b < nodes; ++b) graph.edges.push_back({b - 1, b});
  return graph;
}

Graph StarGraph(std::uint32_t nodes) {
  Graph graph{nodes, {}, {}, {}};
  for (std::uint32_t b = 1; b < nodes; ++b) graph.edges.push_back({0, b});
  return graph;
}

Lattice LatticeOf(std::uint32_t nodes) {
  assert(nodes > 0);
  // Counted up rather than by a square root in floats, which may be off by one.
  std::uint64_t root = 1;
  while (root * root < nodes) ++root;
  std::uint64_t rows = root * root == nodes ? root : root - 1;
  // The most square way to fill a rectangle. A prime number has none: then the last row is not
  // full.
  while (rows > 1 && nodes % rows != 0) --rows;
  if (rows > 1) return {static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(nodes / rows)};
  return {static_cast<std::uint32_t>((nodes + root - 1) / root), static_cast<std::uint32_t>(root)};
}

Graph GridGraph(std::uint32_t nodes) {
  const std::uint32_t columns = LatticeOf(nodes).columns;
  Graph graph{nodes, {}, {}, {}};
  for (std::uint32_t node = 0; node < nodes; ++node) {
    if ((node + 1) % columns != 0 && node + 1 < nodes) graph.edges.push_back({node, node + 1});
    if (nodes - node > columns) graph.edges.push_back({node, node + columns});
  }
  return graph;
}

Graph TorusGraph(std::uint32_t nodes) {
  const auto [rows, columns] = LatticeOf(nodes);
  // Where the last row is not full, rows are joined end to end: each node keeps four neighbours.
  const bool twisted = std::uint64_t{rows} * columns != nodes;
  std::vector<Graph::Edge> edges;
  const auto join = [&](std::uint32_t a, std::uint64_t b) {
    if (a != b) edges.push_back({a, static_cast<std::uint32_t>(b)});
  };
  for (std::uint32_t node = 0; node < nodes; ++node) {
    const std::uint32_t row_start = node - node % columns;
    join(node, twisted ? (std::uint64_t{node} + 1) % nodes : row_start + (node + 1) % columns);
    join(node, (std::uint64_t{node} + columns) % nodes);
  }
  return Assemble(nodes, std::move(edges));
}

}  // namespace delstep
