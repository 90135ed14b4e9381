#pragma once
/// What can be said about a graph.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "delstep/graph.h"

namespace delstep {

/// Each node's neighbours, ascending.
std::vector<std::vector<std::uint32_t>> Neighbours(const Graph& graph);
/// Each node's number of neighbours.
std::vector<std::size_t> Degrees(const Graph& graph);
/// Connected parts; 1 if every node reaches every other, 0 without nodes.
std::size_t CountComponents(const Graph& graph);
/// Mean over the nodes of the share of their pairs of neighbours that are neighbours (Watts and
/// Strogatz 1998); a node with fewer than two neighbours counts as 0, as in networkx. 0 without
/// nodes.
double AverageClustering(const Graph& graph);

}  // namespace delstep
