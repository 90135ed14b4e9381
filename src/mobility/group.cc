// Reference point group mobility (Hong, Gerla, Pei and Chiang, "A group mobility model for ad hoc
// wireless networks", MSWiM 1999): the nodes numbered g * size ... g * size + size - 1 follow the
// centre of group g, a point that nobody sees. The centre does a random waypoint walk in the field
// less a rim of mobility.group_radius, so that its whole disc stays in the field. Each node walks
// from one random place of the disc to the next, relative to the centre and without pauses. So it
// is never farther than the radius from the centre, and never faster than the sum of two speeds.
//
// The sum of two ways at constant speed is one too: a leg lasts until the next of the two turns.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "mobility/models.h"
#include "mobility/random_waypoint.h"
#include "mobility/ways.h"
#include "scenario/units.h"

namespace delstep {
namespace {

// NodeIds take 32 bits: the streams of centres lie beyond those of all nodes.
constexpr std::uint64_t kCentres = std::uint64_t{1} << 32;

class Group final : public Mobility {
 public:
  Group(std::size_t size, std::unique_ptr<Mobility> centres, std::unique_ptr<Mobility> offsets)
      : size_(size), centres_(std::move(centres)), offsets_(std::move(offsets)) {}

 private:
  Leg DoLegAt(NodeId node, SimTime time) const override {
    const Leg centre = centres_->LegAt(static_cast<NodeId>(Index(node) / size_), time);
    const Leg offset = offsets_->LegAt(node, time);
    Leg leg;
    leg.begins = std::max(centre.begins, offset.begins);
    leg.ends = std::min(centre.ends, offset.ends);
    const Position a = centre.At(leg.begins), b = offset.At(leg.begins);
    leg.from = {a.x + b.x, a.y + b.y};
    leg.vx = centre.vx + offset.vx;
    leg.vy = centre.vy + offset.vy;
    return leg;
  }

  std::size_t size_;
  std::unique_ptr<Mobility> centres_, offsets_;
};

}  // namespace

Result<std::unique_ptr<Mobility>> MakeGroup(const Scenario& scenario) {
  const MobilityOptions& options = scenario.mobility;
  DELSTEP_TRY(CheckWalk(options));
  const Area field = FieldOf(scenario);
  const double radius = options.group_radius;
  if (!(radius > 0 && 2 * radius < std::min(field.width, field.height))) {
    return UsageError(fmt::format("mobility.group_radius = {}: a field of {} metres has room for "
                                  "groups of a radius below {}",
                                  ShortestReal(radius), AreaText(field),
                                  ShortestReal(std::min(field.width, field.height) / 2)),
                      "set mobility.area=1000x1000, or a smaller radius")
        .About("mobility.group_radius");
  }
  if (options.group_size == 0) {
    return UsageError("mobility.group_size = 0: at least 1 is allowed")
        .About("mobility.group_size");
  }
  const Area inner{field.width - 2 * radius, field.height - 2 * radius};
  WaypointWalk centre = WalkIn(inner);
  centre.place = [inner, radius](Random& random) {
    const Position place = DrawPlace(inner, random);
    return Position{place.x + radius, place.y + radius};
  };
  centre.seed = scenario.seed;
  centre.first_who = kCentres;
  centre.speed = options.speed;
  centre.pause = options.pause;

  WaypointWalk offset;
  offset.place = [radius](Random& random) {
    while (true) {
      const double x = random.Uniform(-1, 1), y = random.Uniform(-1, 1);
      if (x * x + y * y <= 1) return Position{radius * x, radius * y};
    }
  };
  offset.longest = 2 * radius;
  offset.seed = scenario.seed;
  offset.speed = options.speed;
  return std::make_unique<Group>(options.group_size, MakeWaypointWalk(std::move(centre)),
                                 MakeWaypointWalk(std::move(offset)));
}

}  // namespace delstep
