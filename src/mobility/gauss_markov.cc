// Gauss-Markov (Liang and Haas, "Predictive distance-based mobility management for PCS networks",
// INFOCOM 1999), per Cartesian component, which needs no sine and cosine. Every second
//   v' = alpha v + (1 - alpha) mean + sqrt(1 - alpha^2) sigma n,   n standard normal.
// The mean is a vector as long as the mean of mobility.speed, in a direction of the node's own;
// sigma is a quarter of that length. A wall mirrors the velocity and the mean, exactly where it is
// hit and for the rest of the second: as if the field went on behind the wall, folded. So places
// are uniform at every moment, and the velocity is N(mean, sigma^2), which is how nodes begin.
// alpha = 0: a new velocity each second; alpha = 1: straight on for ever.
#include <fmt/format.h>

#include <cmath>

#include "mobility/drawn_legs.h"
#include "mobility/models.h"
#include "mobility/ways.h"
#include "scenario/units.h"

namespace delstep {
namespace {

constexpr Duration kUpdate = std::chrono::seconds(1);
constexpr double kSigma = 0.25;  // in mean speeds

struct GaussMarkovCourse {
  Leg leg;
  Position to;
  Velocity velocity;  // with which it goes on
  Velocity mean;
  Duration left{0};  // of the second
};

class GaussMarkov final : public DrawnLegs<GaussMarkovCourse> {
 public:
  GaussMarkov(std::uint64_t seed, const MobilityOptions& options, const Area& field)
      : DrawnLegs(seed), speed_(options.speed.mean()), alpha_(options.alpha), field_(field) {}

 private:
  GaussMarkovCourse First(Random& random) const override {
    const Position place = DrawPlace(field_, random);
    const Velocity direction = DrawDirection(random);
    const Velocity mean{speed_ * direction.x, speed_ * direction.y};
    return Go(SimTime{}, place, Drawn(mean, mean, 0, random), mean, kUpdate);
  }

  GaussMarkovCourse Next(const GaussMarkovCourse& last, Random& random) const override {
    if (last.left > Duration(0))
      return Go(last.leg.ends, last.to, last.velocity, last.mean, last.left);
    return Go(last.leg.ends, last.to, Drawn(last.velocity, last.mean, alpha_, random), last.mean,
              kUpdate);
  }

  Velocity Drawn(Velocity last, Velocity mean, double alpha, Random& random) const {
    const double noise = std::sqrt(1 - alpha * alpha) * kSigma * speed_;
    Velocity next{alpha * last.x + (1 - alpha) * mean.x, alpha * last.y + (1 - alpha) * mean.y};
    next.x += noise * random.Normal();
    next.y += noise * random.Normal();
    return next;
  }

  GaussMarkovCourse Go(SimTime now, Position from, Velocity velocity, Velocity mean,
                       Duration length) const {
    const WayToWall stretch = UntilWall(now, from, velocity, length, field_);
    // What mirrors the velocity mirrors its mean.
    if (stretch.after.x != velocity.x) mean.x = -mean.x;
    if (stretch.after.y != velocity.y) mean.y = -mean.y;
    return {stretch.leg, stretch.to, stretch.after, mean, stretch.left};
  }

  double speed_, alpha_;
  Area field_;
};

}  // namespace

Result<std::unique_ptr<Mobility>> MakeGaussMarkov(const Scenario& scenario) {
  const MobilityOptions& options = scenario.mobility;
  if (const double mean = options.speed.mean(); !(mean > 0 && std::isfinite(mean))) {
    return UsageError(fmt::format("mobility.speed = {}: gauss-markov needs a mean above 0",
                                  DistributionText(options.speed)))
        .About("mobility.speed");
  }
  return std::make_unique<GaussMarkov>(scenario.seed, options, FieldOf(scenario));
}

}  // namespace delstep
