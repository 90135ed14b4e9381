#include "delstep/mobility.h"

#include <cassert>

namespace delstep {

Result<void> Mobility::PositionsAt(SimTime time, std::span<const NodeId> nodes,
                                   std::span<Position> positions) const {
  // Time begins at 0: there are no positions before the run.
  assert(nodes.size() == positions.size() && time.time_since_epoch().count() >= 0);
  return DoPositionsAt(time, nodes, positions);
}

}  // namespace delstep
