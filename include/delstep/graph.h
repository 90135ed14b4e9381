#pragma once
/// A topology as plain data: who is whose neighbour at the start of a run.
#include <cstdint>
#include <string>
#include <vector>

#include "delstep/result.h"

namespace delstep {

/// Metres (or units of the field's side for `geometric`).
struct Position {
  double x = 0, y = 0, z = 0;
  friend bool operator==(Position, Position) = default;
};

/// An undirected simple graph: no loops, no edge twice.
struct Graph {
  struct Edge {
    std::uint32_t a = 0, b = 0;  ///< a < b < nodes
    double weight = 1;           ///< carried from files to files; no rule reads it
    friend bool operator==(const Edge&, const Edge&) = default;
  };
  std::uint32_t nodes = 0;
  std::vector<Edge> edges;          ///< ascending by (a, b)
  std::vector<std::string> labels;  ///< one a node, or none: names in files
  std::vector<Position> positions;  ///< one a node, or none
};

}  // namespace delstep
