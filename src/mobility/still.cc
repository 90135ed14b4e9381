#include "mobility/still.h"

#include "delstep/random.h"

namespace delstep {
namespace {

class Still final : public Mobility {
 public:
  explicit Still(std::uint64_t seed) : seed_(seed) {}

 private:
  Result<void> DoPositionsAt(SimTime, std::span<const NodeId> nodes,
                             std::span<Position> positions) const override {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      // A stream per node, and no use: the place is the same at any time and in any order of
      // asking.
      Random random(MakeKey(seed_, Purpose::kPosition, Index(nodes[i])));
      positions[i].x = random.Uniform();
      positions[i].y = random.Uniform();
      positions[i].z = 0;
    }
    return {};
  }

  std::uint64_t seed_;
};

}  // namespace

std::unique_ptr<Mobility> MakeStill(std::uint64_t seed) { return std::make_unique<Still>(seed); }

}  // namespace delstep
