#pragma once
/// From a heap of edges to a Graph.
#include <cstdint>
#include <vector>

#include "delstep/graph.h"

namespace delstep {

/// The graph of these edges, which may come in any order, with their ends either way round and
/// several times; of equal edges the first stays, with its weight. Requires a != b and both <
/// nodes.
Graph Assemble(std::uint32_t nodes, std::vector<Graph::Edge> edges);

}  // namespace delstep
