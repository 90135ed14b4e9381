#include "network/remote/ways.h"

#include <algorithm>

namespace delstep::remote {
namespace {

/// Metres. No range is longer than 1e6, and no helper takes a place beyond 1e9: so the places where
/// nobody hears anybody are a grid in the far corner.
constexpr double kCorner = -1e9, kGrid = 4e6;
constexpr std::size_t kPlacesInARow = 200;

Position PlaceOutOfReach(NodeId node) {
  return {kCorner + kGrid * static_cast<double>(Index(node) % kPlacesInARow),
          kCorner + kGrid * static_cast<double>(Index(node) / kPlacesInARow % kPlacesInARow), 0};
}

}  // namespace

std::vector<Way> WaysOf(const NodeLegs& legs, SimTime now, SimTime until, SimTime start) {
  std::vector<Way> ways;
  for (const Leg& leg : legs.legs) {
    // What was before now is over; what is after `until` will be told in time.
    const SimTime begins = std::max(leg.begins, now);
    const SimTime ends = std::min(leg.ends, until);
    if (ends < begins) continue;
    // A rest has one place, also if it lasts for ever.
    const bool rests = leg.vx == 0 && leg.vy == 0;
    Position from = leg.At(begins), to = rests ? from : leg.At(ends);
    if (!leg.present) from = to = PlaceOutOfReach(legs.node);
    ways.push_back({.begins = SimTime(begins - start),
                    .x0 = from.x,
                    .y0 = from.y,
                    .ends = SimTime(ends - start),
                    .x1 = to.x,
                    .y1 = to.y});
  }
  return ways;
}

}  // namespace delstep::remote
