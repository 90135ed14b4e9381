#include "mobility/still.h"

#include "delstep/random.h"

namespace delstep {
namespace {

class Still final : public Mobility {
 public:
  Still(std::uint64_t seed, const Area& field) : seed_(seed), field_(field) {}

 private:
  Leg DoLegAt(NodeId node, SimTime) const override {
    // A stream per node, and no use: the place is the same at any time and in any order of asking.
    Random random(MakeKey(seed_, Purpose::kPosition, Index(node)));
    Leg leg;
    leg.from.x = random.Uniform() * field_.width;
    leg.from.y = random.Uniform() * field_.height;
    return leg;
  }
  SimTime DoRestsFrom() const override { return SimTime{}; }

  std::uint64_t seed_;
  Area field_;
};

}  // namespace

std::unique_ptr<Mobility> MakeStill(std::uint64_t seed, const Area& field) {
  return std::make_unique<Still>(seed, field);
}

}  // namespace delstep
