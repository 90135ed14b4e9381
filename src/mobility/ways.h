#pragma once
/// What models of movement share: straight ways, walls, directions, and the laws of speeds and
/// pauses in the long run.
///
/// Two laws of chance differ for speeds, and confusing them is the classical error of such
/// simulations (Yoon, Liu and Noble, "Random waypoint considered harmful", INFOCOM 2003). Where a
/// leg has a given length, a slow one lasts longer; so a node that is looked at in the long run
/// has the speed v with a density in proportion to f(v) / v, where f is what legs are drawn from.
#include <utility>

#include "delstep/mobility.h"
#include "delstep/random.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// kUsage about mobility.speed or mobility.pause unless speeds have a least one of at least 1e-6
/// m/s (else some way would never end, and there would be no long run), and pauses a finite mean.
Result<void> CheckWalk(const MobilityOptions& options);

/// `seconds` after `begins`, rounded up to whole nanoseconds and at least one; max() where time
/// ends before.
SimTime Later(SimTime begins, double seconds);

/// The straight way that takes `seconds`, to rounding: its end is a whole nanosecond, and the
/// speed is such that it ends at `to`. Requires seconds >= 0.
Leg StraightWay(SimTime begins, Position from, Position to, double seconds);
/// To stand for so long.
Leg Standing(SimTime begins, Position place, double seconds);

double Distance(Position a, Position b);

struct Velocity {
  double x = 0, y = 0;  ///< metres per second
};
/// A direction, all equally likely: a point of the unit disc, moved to its rim. Square roots alone,
/// so the bits are the same on all machines.
Velocity DrawDirection(Random& random);
/// A place, all equally likely.
Position DrawPlace(const Area& field, Random& random);

/// A way at constant speed until a wall of the field or the end of its time.
struct WayToWall {
  Leg leg;
  Position to;       ///< where it ends; on the wall exactly, if it ends there
  Velocity after;    ///< mirrored by the walls hit: the angle out is the angle in
  Duration left{0};  ///< of the time given
};
/// From a place in the field. A way along a wall, or at rest, hits none.
WayToWall UntilWall(SimTime begins, Position from, Velocity velocity, Duration length,
                    const Area& field);

/// E[1/V]: how long a metre takes on average. Requires what CheckWalk() asks.
double MeanInverse(const Distribution& speed);
/// A speed as seen in the long run on legs of a given length: density f(v) / v. With random
/// waypoint: Navidi and Camp 2004.
double DrawLastingSpeed(const Distribution& speed, Random& random);
/// What is left of a pause in which a node is found: a pause drawn in proportion to its length, and
/// a uniform share of it.
double DrawPauseLeft(const Distribution& pause, Random& random);
/// Whether a node is found standing, where on average it walks for `walking` seconds between two
/// pauses.
bool DrawStanding(const Distribution& pause, double walking, Random& random);

}  // namespace delstep
