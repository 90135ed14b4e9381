#include "mobility/ways.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "math/elementary.h"
#include "scenario/units.h"

namespace delstep {
namespace {

constexpr double kLeastSpeed = 1e-6;

/// A length of time drawn in proportion to its length: density t f(t) / E[T].
double DrawLongPause(const Distribution& pause, Random& random) {
  using Kind = Distribution::Kind;
  switch (pause.kind) {
    case Kind::kConstant:
      return pause.a;
    case Kind::kUniform:
      // P(T < t) = (t^2 - a^2) / (b^2 - a^2), inverted.
      return std::sqrt(pause.a * pause.a +
                       random.Uniform() * (pause.b * pause.b - pause.a * pause.a));
    case Kind::kExponential:
      return pause.a * (random.Exponential() + random.Exponential());
    case Kind::kWeibull: {
      // (T / scale)^shape is Gamma(1 + 1/shape) distributed.
      const double power = random.Gamma(1 + 1 / pause.a);
      return power > 0 ? pause.b / Gamma(1 + 1 / pause.a) * Exp(Log(power) / pause.a) : 0;
    }
    case Kind::kLogNormal:
      return Exp(pause.b * pause.b) * pause.Draw(random);
    case Kind::kClasses:
      break;
  }
  double point = random.Uniform() * pause.mean() * static_cast<double>(pause.classes.size());
  for (const double value : pause.classes)
    if ((point -= value) < 0) return value;
  return pause.greatest();
}

}  // namespace

Result<void> CheckWalk(const MobilityOptions& options) {
  if (!(options.speed.least() >= kLeastSpeed)) {
    return UsageError(fmt::format("mobility.speed = {}: {} cannot draw speeds that come near 0, as "
                                  "such ways would never end; the least must be 0.000001",
                                  DistributionText(options.speed), options.name),
                      "write a constant, uniform(0.5,1.5) or classes(1,2)")
        .About("mobility.speed");
  }
  if (!(options.pause.least() >= 0 && std::isfinite(options.pause.mean()))) {
    return UsageError(fmt::format("mobility.pause = {}: pauses from 0 with a finite mean are "
                                  "allowed",
                                  DurationsText(options.pause)),
                      "write 2s or uniform(0s,60s)")
        .About("mobility.pause");
  }
  return {};
}

SimTime Later(SimTime begins, double seconds) {
  const double nanoseconds = std::max(1.0, std::ceil(seconds * 1e9));
  if (nanoseconds >= static_cast<double>((SimTime::max() - begins).count())) return SimTime::max();
  return begins + Duration(static_cast<Duration::rep>(nanoseconds));
}

Leg StraightWay(SimTime begins, Position from, Position to, double seconds) {
  Leg leg{.begins = begins, .ends = Later(begins, seconds), .from = from};
  // Beyond the end of time the node is never there: it goes as fast as it was meant to.
  const double lasts = leg.ends == SimTime::max() ? seconds : Seconds(leg.ends - begins);
  leg.vx = (to.x - from.x) / lasts;
  leg.vy = (to.y - from.y) / lasts;
  return leg;
}

Leg Standing(SimTime begins, Position place, double seconds) {
  return {.begins = begins, .ends = Later(begins, seconds), .from = place};
}

double Distance(Position a, Position b) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  return std::sqrt(dx * dx + dy * dy);
}

Velocity DrawDirection(Random& random) {
  while (true) {
    const double x = random.Uniform(-1, 1), y = random.Uniform(-1, 1);
    const double square = x * x + y * y;
    // Near the centre a quotient would have few bits.
    if (square > 1 || square < 1e-6) continue;
    const double length = std::sqrt(square);
    return {x / length, y / length};
  }
}

Position DrawPlace(const Area& field, Random& random) {
  const double x = random.Uniform() * field.width;
  return {x, random.Uniform() * field.height};
}

WayToWall UntilWall(SimTime begins, Position from, Velocity velocity, Duration length,
                    const Area& field) {
  const auto reach = [](double place, double speed, double side) {
    if (speed > 0) return (side - place) / speed;
    return speed < 0 ? place / -speed : std::numeric_limits<double>::infinity();
  };
  const double x_wall = reach(from.x, velocity.x, field.width);
  const double y_wall = reach(from.y, velocity.y, field.height);
  const double whole = Seconds(length), seconds = std::min({x_wall, y_wall, whole});
  WayToWall stretch{.leg = {}, .to = from, .after = velocity};
  stretch.to.x = std::clamp(from.x + velocity.x * seconds, 0.0, field.width);
  stretch.to.y = std::clamp(from.y + velocity.y * seconds, 0.0, field.height);
  if (x_wall <= seconds) {
    stretch.to.x = velocity.x > 0 ? field.width : 0;
    stretch.after.x = -velocity.x;
  }
  if (y_wall <= seconds) {
    stretch.to.y = velocity.y > 0 ? field.height : 0;
    stretch.after.y = -velocity.y;
  }
  stretch.leg = StraightWay(begins, from, stretch.to, seconds);
  stretch.left = std::max(Duration(0), length - (stretch.leg.ends - begins));
  return stretch;
}

double MeanInverse(const Distribution& speed) {
  if (speed.kind == Distribution::Kind::kClasses) {
    double sum = 0;
    for (const double value : speed.classes) sum += 1 / value;
    return sum / static_cast<double>(speed.classes.size());
  }
  // A constant, or a range so narrow that the logarithm would have few bits.
  const double low = speed.least(), high = speed.greatest();
  if (high - low < 1e-6 * high) return 2 / (low + high);
  return Log(high / low) / (high - low);
}

double DrawLastingSpeed(const Distribution& speed, Random& random) {
  if (speed.kind == Distribution::Kind::kClasses) {
    double point =
        random.Uniform() * MeanInverse(speed) * static_cast<double>(speed.classes.size());
    for (const double value : speed.classes)
      if ((point -= 1 / value) < 0) return value;
    return speed.greatest();
  }
  // P(V < v) = log(v / low) / log(high / low), inverted.
  const double low = speed.least(), high = speed.greatest();
  if (high <= low) return low;
  return low * Exp(random.Uniform() * Log(high / low));
}

double DrawPauseLeft(const Distribution& pause, Random& random) {
  const double whole = DrawLongPause(pause, random);
  return random.Uniform() * whole;
}

bool DrawStanding(const Distribution& pause, double walking, Random& random) {
  const double standing = pause.mean();
  return random.Chance(standing / (standing + walking));
}

}  // namespace delstep
