#include "topology/properties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "topology/generators.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;

// A triangle 0 1 2 with a tail 2-3, and a node 4 alone.
const Graph kPan = {5, {{0, 1}, {0, 2}, {1, 2}, {2, 3}}, {}, {}};

TEST(Properties, CountNeighboursAndParts) {
  EXPECT_THAT(Degrees(kPan), ElementsAre(2, 2, 3, 1, 0));
  EXPECT_THAT(Neighbours(kPan)[2], ElementsAre(0, 1, 3));
  EXPECT_EQ(CountComponents(kPan), 2u);
  EXPECT_EQ(CountComponents(Graph{}), 0u);
  EXPECT_EQ(CountComponents(Graph{3, {}, {}, {}}), 3u);
}

TEST(Properties, ClusteringIsTheMeanShareOfNeighboursThatKnowEachOther) {
  // Nodes 0 and 1: 1 of 1 pair; node 2: 1 of 3; nodes 3 and 4 have no pair.
  EXPECT_DOUBLE_EQ(AverageClustering(kPan), (1 + 1 + 1.0 / 3) / 5);
  EXPECT_DOUBLE_EQ(AverageClustering(FullGraph(6)), 1);
  EXPECT_DOUBLE_EQ(AverageClustering(RingGraph(6)), 0);
  EXPECT_DOUBLE_EQ(AverageClustering(Graph{}), 0);
}

}  // namespace
}  // namespace delstep
