// Random waypoint (Johnson and Maltz, "Dynamic source routing in ad hoc wireless networks", 1996):
// choose a place of the field uniformly and a speed, go there, pause, and again.
//
// Most nodes are then near the centre, and slow ways last longer. A run that began with uniform
// places and fresh speeds would change its density and slow down for a long time. So nodes begin as
// the long run has them (Navidi and Camp, "Stationary distributions for the random waypoint
// mobility model", IEEE Transactions on Mobile Computing 3(1), 2004):
//   - pausing with probability E[P] / (E[P] + E[D] E[1/V]), at a *uniform* place, since the end of
//     a way is one; what is left of the pause by the law of DrawPauseLeft();
//   - else on a way chosen in proportion to its length, uniformly far along it, with a speed of
//     density f(v) / v.
#include "mobility/random_waypoint.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "math/elementary.h"
#include "mobility/drawn_legs.h"
#include "mobility/models.h"
#include "mobility/ways.h"

namespace delstep {
namespace {

struct WaypointCourse {
  Leg leg;
  Position to;
  bool pausing = false;
};

class RandomWaypoint final : public DrawnLegs<WaypointCourse> {
 public:
  explicit RandomWaypoint(WaypointWalk walk)
      : DrawnLegs(walk.seed, walk.first_who), walk_(std::move(walk)) {
    if (walk_.pause.mean() > 0) way_seconds_ = walk_.mean * MeanInverse(walk_.speed);
  }

 private:
  WaypointCourse First(Random& random) const override {
    if (DrawStanding(walk_.pause, way_seconds_, random)) {
      const Position place = walk_.place(random);
      return {Standing(SimTime{}, place, DrawPauseLeft(walk_.pause, random)), place, true};
    }
    Position from, to;
    do {
      from = walk_.place(random);
      to = walk_.place(random);
    } while (!random.Chance(Distance(from, to) / walk_.longest));
    const double share = random.Uniform();
    const Position place{from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)};
    return Go(SimTime{}, place, to, DrawLastingSpeed(walk_.speed, random));
  }

  WaypointCourse Next(const WaypointCourse& last, Random& random) const override {
    const SimTime now = last.leg.ends;
    if (!last.pausing) {
      if (const double pause = walk_.pause.Draw(random); pause > 0)
        return {Standing(now, last.to, pause), last.to, true};
    }
    const Position to = walk_.place(random);
    return Go(now, last.to, to, walk_.speed.Draw(random));
  }

  static WaypointCourse Go(SimTime now, Position from, Position to, double speed) {
    return {StraightWay(now, from, to, Distance(from, to) / speed), to};
  }

  WaypointWalk walk_;
  double way_seconds_ = 1;  // how long a way takes on average
};

double Asinh(double x) { return Log(x + std::sqrt(x * x + 1)); }

}  // namespace

std::unique_ptr<Mobility> MakeWaypointWalk(WaypointWalk walk) {
  return std::make_unique<RandomWaypoint>(std::move(walk));
}

// The mean distance of two points of a rectangle in closed form; 0.5214 in the unit square.
double MeanWay(const Area& field) {
  const double a = field.width, b = field.height, diagonal = std::sqrt(a * a + b * b);
  // A line; the formula would subtract numbers that are nearly equal.
  if (std::max(a, b) > 1e4 * std::min(a, b)) return std::max(a, b) / 3;
  return (b * b / a * Asinh(a / b) + a * a / b * Asinh(b / a)) / 6 +
         (a * a * a / (b * b) + b * b * b / (a * a)) / 15 -
         diagonal * (a * a / (b * b) + b * b / (a * a) - 3) / 15;
}

WaypointWalk WalkIn(const Area& field) {
  WaypointWalk walk;
  walk.place = [field](Random& random) { return DrawPlace(field, random); };
  walk.longest = Distance({}, {field.width, field.height});
  walk.mean = MeanWay(field);
  return walk;
}

Result<std::unique_ptr<Mobility>> MakeRandomWaypoint(const Scenario& scenario) {
  DELSTEP_TRY(CheckWalk(scenario.mobility));
  WaypointWalk walk = WalkIn(FieldOf(scenario));
  walk.seed = scenario.seed;
  walk.speed = scenario.mobility.speed;
  walk.pause = scenario.mobility.pause;
  return MakeWaypointWalk(std::move(walk));
}

}  // namespace delstep
