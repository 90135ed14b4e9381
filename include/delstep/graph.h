#pragma once
/// A topology as plain data: who is whose neighbour at the start of a run. Topologies make a Graph
/// from a scenario, files are read into one and written from one. During a run the simulation keeps
/// neighbours in its own form; Simulation::Topology() makes a Graph of them.
#include <cstdint>
#include <string>
#include <vector>

#include "delstep/result.h"

namespace delstep {

/// A place, in metres. For the `geometric` topology, in sides of the square field: x and y from 0
/// to 1, z = 0.
struct Position {
  double x = 0, y = 0, z = 0;
  friend bool operator==(Position, Position) = default;
};

/// An undirected simple graph: an edge connects two different nodes, and no edge is there twice.
/// Nodes are numbered from 0 in the order of NodeId.
struct Graph {
  struct Edge {
    std::uint32_t a = 0, b = 0;  ///< numbers of its ends: a < b < nodes
    /// Kept from a file that is read to a file that is written. No rule of aggregation uses it.
    double weight = 1;
    friend bool operator==(const Edge&, const Edge&) = default;
  };

  /// How many nodes, those without any edge included.
  std::uint32_t nodes = 0;
  /// Ascending by (a, b).
  std::vector<Edge> edges;
  /// Names of the nodes in files: one per node, or empty.
  std::vector<std::string> labels;
  /// Where nodes are: one per node, or empty if the topology does not care.
  std::vector<Position> positions;
};

}  // namespace delstep
