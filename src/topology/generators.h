#pragma once
/// Graphs made by rule. Nodes are 0 ... nodes-1, weights 1; every result is a simple undirected
/// graph. The random ones are a function of the stream they are handed, on any machine.
/// Requirements are asserted here; the adaptors in topologies.cc tell the user about wrong values
/// first.
#include <cstdint>
#include <span>

#include "delstep/graph.h"
#include "delstep/random.h"

namespace delstep {

/// Every pair.
Graph FullGraph(std::uint32_t nodes);
/// i and i+1, and the last and the first. Two nodes have one edge, one node has none.
Graph RingGraph(std::uint32_t nodes);
/// i and i+1.
Graph LineGraph(std::uint32_t nodes);
/// Node 0 is the centre.
Graph StarGraph(std::uint32_t nodes);

/// Rows and columns of `grid` and `torus`; nodes fill it row by row, from the left.
struct Lattice {
  std::uint32_t rows = 0, columns = 0;
};
/// The factorisation rows x columns = nodes nearest to a square, rows <= columns. A prime number
/// has none: then columns = ceil(sqrt(nodes)) and the last row is incomplete. Requires nodes > 0.
Lattice LatticeOf(std::uint32_t nodes);

/// Neighbours to the left, right, above and below.
Graph GridGraph(std::uint32_t nodes);
/// The grid whose rows and columns are closed to rings: four neighbours, fewer where a ring has
/// less than three nodes. A prime number of nodes makes a twisted torus: the rows follow each other
/// on one ring and the neighbours of i are i +- 1 and i +- columns, modulo nodes (the mesh of
/// ILLIAC IV), so four as well.
Graph TorusGraph(std::uint32_t nodes);

/// A random graph in which every node has `degree` neighbours: a random pairing of half-edges
/// (Bollobas 1980) whose loops and doubles are removed by switchings (McKay and Wormald 1990), so
/// all such graphs are about equally likely. A degree above (nodes-1)/2 is made as the complement.
/// The graph need not be connected, though from degree 3 on it nearly always is. Requires degree <
/// nodes and nodes * degree even.
Graph RegularGraph(std::uint32_t nodes, std::uint32_t degree, Random& random);

/// Watts and Strogatz 1998, in the form of networkx' watts_strogatz_graph: a ring where each node
/// knows its k nearest; then, for each distance, each node moves its edge to the right with
/// probability p to a node drawn from all that it does not know. The number of edges stays nodes *
/// k / 2; k = nodes gives the full graph. Requires k even and k <= nodes.
Graph SmallWorldGraph(std::uint32_t nodes, std::uint32_t k, double p, Random& random);

/// Barabasi and Albert 1999, in the form of networkx' barabasi_albert_graph: a star of m + 1 nodes,
/// then each further node is joined to m different ones, drawn in proportion to their degrees: m *
/// (nodes - m) edges. Requires 0 < m < nodes.
Graph ScaleFreeGraph(std::uint32_t nodes, std::uint32_t m, Random& random);

/// Erdos and Renyi's G(n, p): each pair with probability p; time in proportion to nodes + edges
/// (Batagelj and Brandes 2005, "Efficient generation of large random networks", algorithm 1).
/// Requires 0 <= p <= 1.
Graph RandomGraph(std::uint32_t nodes, double p, Random& random);

/// All pairs at a distance of at most `radius`; the result carries the positions.
Graph GeometricGraph(std::span<const Position> positions, double radius);

}  // namespace delstep
