#include "mobility/still.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace delstep {
namespace {

std::vector<Position> PositionsOf(const Mobility& mobility, const std::vector<NodeId>& nodes,
                                  SimTime time = SimTime{}) {
  std::vector<Position> positions(nodes.size());
  mobility.PositionsAt(time, nodes, positions);
  return positions;
}

TEST(Still, PlacesANodeByItsNumberAndTheSeedAlone) {
  const auto still = MakeStill(7);
  const auto all = PositionsOf(*still, {NodeId{0}, NodeId{1}, NodeId{2}});
  EXPECT_THAT(PositionsOf(*still, {NodeId{2}, NodeId{0}}), testing::ElementsAre(all[2], all[0]));
  EXPECT_NE(all[0], all[1]);
  EXPECT_NE(PositionsOf(*MakeStill(8), {NodeId{0}})[0], all[0]);
}

TEST(Still, DoesNotMove) {
  const auto still = MakeStill(7);
  EXPECT_EQ(PositionsOf(*still, {NodeId{3}}),
            PositionsOf(*still, {NodeId{3}}, SimTime{std::chrono::hours(1)}));
}

TEST(Still, SpreadsNodesOverTheUnitSquare) {
  std::vector<NodeId> nodes;
  for (std::uint32_t node = 0; node < 4000; ++node) nodes.push_back(NodeId{node});
  int quarters[4] = {};
  for (const auto& [x, y, z] : PositionsOf(*MakeStill(7), nodes)) {
    ASSERT_TRUE(x >= 0 && x < 1 && y >= 0 && y < 1 && z == 0);
    ++quarters[(x < 0.5 ? 0 : 1) + (y < 0.5 ? 0 : 2)];
  }
  // 4000 draws of probability 1/4: sigma = sqrt(4000 * 3/16) = 27.
  for (const int quarter : quarters) EXPECT_NEAR(quarter, 1000, 137);
}

}  // namespace
}  // namespace delstep
