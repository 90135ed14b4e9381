// Random direction, to the wall (Royer, Melliar-Smith and Moser, "An analysis of the optimal node
// density for ad hoc mobile networks", ICC 2001): straight to the wall, a pause there, and a new
// direction, uniform among those that lead into the field. Places are not uniform: walls and
// corners are visited more.
//
// No closed form of its long run is known. So the first leg is the one on which a node is found
// after 20 crossings of the field: the chain of places on the wall forgets its start in a few.
#include <cmath>

#include "mobility/drawn_legs.h"
#include "mobility/models.h"
#include "mobility/ways.h"

namespace delstep {
namespace {

struct DirectionCourse {
  Leg leg;
  Position to;
  bool pausing = false;
};

class RandomDirection final : public DrawnLegs<DirectionCourse> {
 public:
  RandomDirection(std::uint64_t seed, const MobilityOptions& options, const Area& field)
      : DrawnLegs(seed), speed_(options.speed), pause_(options.pause), field_(field) {
    constexpr double kCrossings = 20;
    const double diagonal = Distance({}, {field.width, field.height});
    warm_ = Later(SimTime{}, kCrossings * (diagonal * MeanInverse(speed_) + pause_.mean()));
  }

 private:
  DirectionCourse First(Random& random) const override {
    DirectionCourse course = Go(SimTime{}, DrawPlace(field_, random), random);
    while (course.leg.ends <= warm_ && course.leg.ends != SimTime::max())
      course = Next(course, random);
    course.leg.from = course.leg.At(warm_);
    course.leg.begins = SimTime{};
    if (course.leg.ends != SimTime::max()) course.leg.ends -= warm_.time_since_epoch();
    return course;
  }

  DirectionCourse Next(const DirectionCourse& last, Random& random) const override {
    const SimTime now = last.leg.ends;
    if (!last.pausing) {
      if (const double pause = pause_.Draw(random); pause > 0)
        return {Standing(now, last.to, pause), last.to, true};
    }
    return Go(now, last.to, random);
  }

  DirectionCourse Go(SimTime now, Position from, Random& random) const {
    Velocity velocity = DrawDirection(random);
    // Turned inwards by mirroring: still uniform, of a half-plane at a wall, of a quarter at a
    // corner.
    if (from.x <= 0) velocity.x = std::abs(velocity.x);
    if (from.x >= field_.width) velocity.x = -std::abs(velocity.x);
    if (from.y <= 0) velocity.y = std::abs(velocity.y);
    if (from.y >= field_.height) velocity.y = -std::abs(velocity.y);
    const double speed = speed_.Draw(random);
    velocity = {velocity.x * speed, velocity.y * speed};
    const WayToWall stretch = UntilWall(now, from, velocity, Duration::max(), field_);
    return {stretch.leg, stretch.to};
  }

  Distribution speed_, pause_;
  Area field_;
  SimTime warm_;
};

}  // namespace

Result<std::unique_ptr<Mobility>> MakeRandomDirection(const Scenario& scenario) {
  DELSTEP_TRY(CheckWalk(scenario.mobility));
  return std::make_unique<RandomDirection>(scenario.seed, scenario.mobility, FieldOf(scenario));
}

}  // namespace delstep
