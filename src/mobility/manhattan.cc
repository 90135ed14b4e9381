// Manhattan grid (in the form of BonnMotion's ManhattanGrid: Aschenbruck, Ernst, Gerhards-Padilla
// and Schwamborn, "BonnMotion: a mobility scenario generation and analysis tool", SIMUTools 2010):
// streets every mobility.step metres from the left and from the bottom, in both directions; what
// remains of the field beyond the last street stays empty. A leg is one side of a block. At a
// crossing a node goes straight on with probability 1/2, else it turns, left or right alike. At the
// border it always turns where it cannot go straight on, and where one side is closed it turns to
// the other. Nobody turns back.
//
// With these chances as many ways lead into each side of a block as out of it, whichever way one
// walks it, so in the long run all are walked alike: that is how nodes begin.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/text.h"
#include "mobility/drawn_legs.h"
#include "mobility/models.h"
#include "mobility/ways.h"
#include "scenario/units.h"

namespace delstep {
namespace {

struct ManhattanCourse {
  Leg leg;
  std::int64_t column = 0, row = 0;  // of the crossing where the leg ends
  int dx = 0, dy = 0;                // the direction in which the node came there
  bool pausing = false;
};

class Manhattan final : public DrawnLegs<ManhattanCourse> {
 public:
  /// So many blocks across and up.
  Manhattan(std::uint64_t seed, const MobilityOptions& options, std::int64_t columns,
            std::int64_t rows)
      : DrawnLegs(seed),
        speed_(options.speed),
        pause_(options.pause),
        block_(options.step),
        columns_(columns),
        rows_(rows) {}

 private:
  ManhattanCourse First(Random& random) const override {
    ManhattanCourse course = DrawSide(random);
    const Position to = Crossing(course);
    course.pausing = DrawStanding(pause_, block_ * MeanInverse(speed_), random);
    if (course.pausing) {
      course.leg = Standing(SimTime{}, to, DrawPauseLeft(pause_, random));
      return course;
    }
    const double left = random.Uniform() * block_;
    const Position from{to.x - course.dx * left, to.y - course.dy * left};
    course.leg = StraightWay(SimTime{}, from, to, left / DrawLastingSpeed(speed_, random));
    return course;
  }

  ManhattanCourse Next(const ManhattanCourse& last, Random& random) const override {
    const SimTime now = last.leg.ends;
    ManhattanCourse course = last;
    if (!last.pausing) {
      if (const double pause = pause_.Draw(random); pause > 0) {
        course.leg = Standing(now, Crossing(last), pause);
        course.pausing = true;
        return course;
      }
    }
    course.pausing = false;
    Turn(course, random);
    course.column += course.dx;
    course.row += course.dy;
    course.leg = StraightWay(now, Crossing(last), Crossing(course), block_ / speed_.Draw(random));
    return course;
  }

  /// A side of a block and a direction along it, all equally likely.
  ManhattanCourse DrawSide(Random& random) const {
    const auto across = static_cast<std::uint64_t>(columns_ * (rows_ + 1));
    const auto up = static_cast<std::uint64_t>(rows_ * (columns_ + 1));
    std::uint64_t side = random.Below(across + up);
    const bool back = random.Chance(0.5);
    ManhattanCourse course;
    if (side < across) {
      course.column = static_cast<std::int64_t>(side) % columns_ + (back ? 0 : 1);
      course.row = static_cast<std::int64_t>(side) / columns_;
      course.dx = back ? -1 : 1;
    } else {
      side -= across;
      course.row = static_cast<std::int64_t>(side) % rows_ + (back ? 0 : 1);
      course.column = static_cast<std::int64_t>(side) / rows_;
      course.dy = back ? -1 : 1;
    }
    return course;
  }

  void Turn(ManhattanCourse& course, Random& random) const {
    const auto open = [&](int dx, int dy) {
      const std::int64_t column = course.column + dx, row = course.row + dy;
      return column >= 0 && column <= columns_ && row >= 0 && row <= rows_;
    };
    const int dx = course.dx, dy = course.dy;
    const bool left = open(-dy, dx), right = open(dy, -dx);
    if (open(dx, dy) && random.Chance(0.5)) return;
    const bool to_left = left && (!right || random.Chance(0.5));
    course.dx = to_left ? -dy : dy;
    course.dy = to_left ? dx : -dx;
  }

  Position Crossing(const ManhattanCourse& course) const {
    return {static_cast<double>(course.column) * block_, static_cast<double>(course.row) * block_};
  }

  Distribution speed_, pause_;
  double block_;
  std::int64_t columns_, rows_;
};

}  // namespace

Result<std::unique_ptr<Mobility>> MakeManhattan(const Scenario& scenario) {
  const MobilityOptions& options = scenario.mobility;
  DELSTEP_TRY(CheckWalk(options));
  constexpr double kMostBlocks = 1e6;  // of a street
  const Area field = FieldOf(scenario);
  const double shorter = std::min(field.width, field.height);
  const double longer = std::max(field.width, field.height);
  if (!(options.step <= shorter && options.step >= longer / kMostBlocks)) {
    return UsageError(fmt::format("mobility.step = {}: in a field of {} metres blocks of {} to {} "
                                  "metres are allowed",
                                  ShortestReal(options.step), AreaText(field),
                                  ShortestReal(longer / kMostBlocks), ShortestReal(shorter)),
                      "set mobility.area=1000x1000, or other blocks")
        .About("mobility.step");
  }
  // A street at the very border counts, whatever the quotient is rounded to.
  const auto blocks = [&](double side) {
    return static_cast<std::int64_t>(std::floor(side / options.step * (1 + 1e-12)));
  };
  return std::make_unique<Manhattan>(scenario.seed, options, blocks(field.width),
                                     blocks(field.height));
}

}  // namespace delstep
