// Random walk, by time (Camp, Boleng and Davies, "A survey of mobility models for ad hoc network
// research", 2002): a direction and a speed, kept for mobility.step seconds; walls reflect, and the
// rest of the time goes on in the mirrored direction. As the time does not depend on the walls,
// places are uniform and directions too, at every moment (Nain, Towsley, Liu and Liu, "Properties
// of random direction models", INFOCOM 2005): so that is how nodes begin.
#include "mobility/drawn_legs.h"
#include "mobility/models.h"
#include "mobility/ways.h"

namespace delstep {
namespace {

struct WalkCourse {
  Leg leg;
  Position to;
  Velocity velocity{};  // with which it goes on
  Duration left{0};     // of the step
  bool pausing = false;
};

class RandomWalk final : public DrawnLegs<WalkCourse> {
 public:
  RandomWalk(std::uint64_t seed, const MobilityOptions& options, const Area& field)
      : DrawnLegs(seed),
        speed_(options.speed),
        pause_(options.pause),
        field_(field),
        step_(Later(SimTime{}, options.step) - SimTime{}) {}

 private:
  WalkCourse First(Random& random) const override {
    const Position place = DrawPlace(field_, random);
    if (DrawStanding(pause_, Seconds(step_), random)) {
      return {.leg = Standing(SimTime{}, place, DrawPauseLeft(pause_, random)),
              .to = place,
              .pausing = true};
    }
    const double left = random.Uniform() * Seconds(step_);
    return Go(SimTime{}, place, DrawVelocity(random), Later(SimTime{}, left) - SimTime{});
  }

  WalkCourse Next(const WalkCourse& last, Random& random) const override {
    const SimTime now = last.leg.ends;
    if (last.left > Duration(0)) return Go(now, last.to, last.velocity, last.left);
    if (!last.pausing) {
      if (const double pause = pause_.Draw(random); pause > 0)
        return {.leg = Standing(now, last.to, pause), .to = last.to, .pausing = true};
    }
    return Go(now, last.to, DrawVelocity(random), step_);
  }

  // Steps last equally long whatever their speed, so a speed in the long run is as drawn.
  Velocity DrawVelocity(Random& random) const {
    const Velocity direction = DrawDirection(random);
    const double speed = speed_.Draw(random);
    return {speed * direction.x, speed * direction.y};
  }

  WalkCourse Go(SimTime now, Position from, Velocity velocity, Duration length) const {
    const WayToWall stretch = UntilWall(now, from, velocity, length, field_);
    return {.leg = stretch.leg, .to = stretch.to, .velocity = stretch.after, .left = stretch.left};
  }

  Distribution speed_, pause_;
  Area field_;
  Duration step_;
};

}  // namespace

Result<std::unique_ptr<Mobility>> MakeRandomWalk(const Scenario& scenario) {
  DELSTEP_TRY(CheckWalk(scenario.mobility));
  return std::make_unique<RandomWalk>(scenario.seed, scenario.mobility, FieldOf(scenario));
}

}  // namespace delstep
