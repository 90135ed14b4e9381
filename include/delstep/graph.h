#pragma once
/// A topology as plain data: who is whose neighbour at the start of a run. Topologies make a Graph
/// from a scenario, files are read into one and written from one. During a run the simulation keeps
/// neighbours in its own form; Simulation::Topology() makes a Graph of them.
///
/// Everything here is plain data: a Graph owns what is in it, and const access needs no lock. An
/// edge takes 16 bytes: the full mesh of 10,000 nodes, with 50 million edges, takes 800 MB.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delstep/contacts.h"
#include "delstep/network.h"

namespace delstep {

/// A place, in metres; for the `geometric` topology without mobility.area, in sides of the square
/// field. z is kept from files and counts for nothing.
struct Position {
  double x = 0, y = 0, z = 0;
  friend bool operator==(Position, Position) = default;
};

/// An undirected simple graph: an edge connects two different nodes, and no edge is there twice.
/// Nodes are numbered from 0 in the order of NodeId. At the start of a run the two numbers are the
/// same. A graph of a run that nodes have left is numbered without gaps: its labels tell who is
/// who.
///
/// Whoever makes a Graph keeps to what is said here; whoever takes one does not check it again. The
/// graph need not be connected: while no link is added, nodes without a path between them never
/// learn from each other.
struct Graph {
  /// A link that both ends may send over. Simulated links have a direction: at the start of a run
  /// an edge becomes two of them, with equal properties.
  struct Edge {
    std::uint32_t a = 0, b = 0;  ///< numbers of its ends: a < b < nodes
    /// Kept from a file that is read to the files that are written. Nothing else uses it; what a
    /// network needs of an edge is in `links`.
    double weight = 1;
    friend bool operator==(const Edge&, const Edge&) = default;
  };

  /// What a file says of one direction of an edge; empty fields are as `network.*` has them.
  struct Link {
    std::uint32_t from = 0, to = 0;
    std::optional<double> loss;  ///< probability, in [0, 1]
    std::optional<Latency> latency;
    std::optional<double> bandwidth;  ///< bits per second, above 0
    bool empty() const { return !loss && !latency && !bandwidth; }
    friend bool operator==(const Link&, const Link&) = default;
  };

  /// How many nodes, those without any edge included.
  std::uint32_t nodes = 0;
  /// Ascending by (a, b).
  std::vector<Edge> edges;
  /// Names of the nodes in files: one per node, or empty. Simulation::Topology() gives addresses.
  std::vector<std::string> labels;
  /// Where nodes are: one per node, or empty if the topology does not care. They are written into
  /// files that can hold them, for drawing; no reader takes them back.
  std::vector<Position> positions;
  /// Directions with properties of their own, none of them empty, each along an edge; ascending by
  /// (from, to). Most graphs have none.
  std::vector<Link> links{};
  /// What the user should know of the file it was read from: sentences without a full stop.
  std::vector<std::string> notes{};
  /// How edges come and go while time passes: `edges` are those at time 0. Null: they stay.
  std::shared_ptr<const ContactPlan> contacts{};
};

}  // namespace delstep
