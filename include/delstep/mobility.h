#pragma once
/// The mobility port: where nodes are. Today the topology `geometric` asks once, at time 0.
/// src/mobility/still.cc is the example. Every registered mobility passes the suite in
/// tests/conformance/mobility_conformance_test.cc.
#include <span>

#include "delstep/graph.h"
#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// A way for nodes to be somewhere. Positions are a function of (configuration, seed, node, time):
/// asking in another order, or for fewer nodes, changes nothing. The topology by radio range
/// (`topology.name = "geometric"`) follows from them.
///
/// Units: those of the field's side; built-in nodes lie in the unit square, with z = 0. Time is
/// simulated time: a node may be asked for its place in the past or in the future.
/// Threads: const calls may run at the same time. Ownership: no span is kept.
class Mobility {
 public:
  virtual ~Mobility() = default;
  /// Writes one position per node into `positions`, in the order asked. `nodes` may be any, also
  /// with repeats. Requires equal lengths and time >= 0. Errors: kFile or kRefused where positions
  /// come from a file that does not have them; `positions` is then undefined.
  Result<void> PositionsAt(SimTime time, std::span<const NodeId> nodes,
                           std::span<Position> positions) const;

 private:
  /// To implement; the requirements of PositionsAt() hold.
  virtual Result<void> DoPositionsAt(SimTime time, std::span<const NodeId> nodes,
                                     std::span<Position> positions) const = 0;
};

}  // namespace delstep
