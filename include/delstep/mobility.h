#pragma once
/// The mobility port: where nodes are.
#include <span>

#include "delstep/graph.h"
#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// Positions are a function of (configuration, seed, node, time): asking in another order, or for
/// fewer nodes, changes nothing. The topology by radio range (`topology.name = "geometric"`)
/// follows from them.
///
/// Units: those of the field's side. Threads: const calls may run at the same time.
class Mobility {
 public:
  virtual ~Mobility() = default;
  /// One position a node, in the order asked. Requires equal lengths and time >= 0.
  Result<void> PositionsAt(SimTime time, std::span<const NodeId> nodes,
                           std::span<Position> positions) const;

 private:
  virtual Result<void> DoPositionsAt(SimTime time, std::span<const NodeId> nodes,
                                     std::span<Position> positions) const = 0;
};

}  // namespace delstep
