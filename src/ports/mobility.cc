#include "delstep/mobility.h"

#include <cassert>

namespace delstep {

void Mobility::PositionsAt(SimTime time, std::span<const NodeId> nodes,
                           std::span<Position> positions) const {
  // Time begins at 0: there are no positions before the run.
  assert(nodes.size() == positions.size() && time.time_since_epoch().count() >= 0);
  for (std::size_t i = 0; i < nodes.size(); ++i) positions[i] = LegAt(nodes[i], time).At(time);
}

}  // namespace delstep
