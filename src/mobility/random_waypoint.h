#pragma once
/// Random waypoint, over any convex ground: `random-waypoint` itself walks in the field, `group`
/// makes one walk in the field and others in a disc around it.
#include <cstdint>
#include <functional>
#include <memory>

#include "delstep/mobility.h"
#include "delstep/random.h"
#include "delstep/scenario.h"

namespace delstep {

/// Where waypoints lie, and how nodes go from one to the next.
struct WaypointWalk {
  std::uint64_t seed = 0;
  std::uint64_t first_who = 0;  ///< see DrawnLegs
  Distribution speed, pause;    ///< as CheckWalk() allows them
  /// A uniform place of the ground, which must be convex: the straight ways lie in it.
  std::function<Position(Random&)> place;
  double longest = 0;  ///< between two places
  double mean = 0;     ///< E of the distance between two places; counts only where there are pauses
};

/// Nodes that go straight to a random place at a random speed, pause there, and go on. At time 0
/// they are as they would be after a very long time (random_waypoint.cc).
std::unique_ptr<Mobility> MakeWaypointWalk(WaypointWalk walk);

/// E of the distance between two random places of the field, in metres.
double MeanWay(const Area& field);
/// Where one can go in a field.
WaypointWalk WalkIn(const Area& field);

}  // namespace delstep
