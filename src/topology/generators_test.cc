#include "topology/generators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "topology/properties.h"

namespace delstep {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Pair = std::pair<std::uint32_t, std::uint32_t>;

std::vector<Pair> Pairs(const Graph& graph) {
  std::vector<Pair> pairs;
  for (const auto& edge : graph.edges) pairs.emplace_back(edge.a, edge.b);
  return pairs;
}

Random Stream(std::uint64_t seed) { return Random(MakeKey(seed, Purpose::kTopology)); }

TEST(Shapes, JoinFourNodesAsTheirNamesSay) {
  EXPECT_THAT(Pairs(FullGraph(4)),
              ElementsAre(Pair(0, 1), Pair(0, 2), Pair(0, 3), Pair(1, 2), Pair(1, 3), Pair(2, 3)));
  EXPECT_THAT(Pairs(RingGraph(4)), ElementsAre(Pair(0, 1), Pair(0, 3), Pair(1, 2), Pair(2, 3)));
  EXPECT_THAT(Pairs(LineGraph(4)), ElementsAre(Pair(0, 1), Pair(1, 2), Pair(2, 3)));
  EXPECT_THAT(Pairs(StarGraph(4)), ElementsAre(Pair(0, 1), Pair(0, 2), Pair(0, 3)));
  EXPECT_THAT(Pairs(GridGraph(4)), ElementsAre(Pair(0, 1), Pair(0, 2), Pair(1, 3), Pair(2, 3)));
  EXPECT_EQ(Pairs(TorusGraph(4)), Pairs(GridGraph(4)));
}

TEST(Shapes, OfOneNodeHaveNoEdgeAndOfTwoNodesOne) {
  for (auto* shape : {FullGraph, RingGraph, LineGraph, StarGraph, GridGraph, TorusGraph}) {
    EXPECT_THAT(Pairs(shape(1)), IsEmpty());
    EXPECT_THAT(Pairs(shape(2)), ElementsAre(Pair(0, 1)));
  }
}

TEST(Lattice, IsTheFactorisationNearestToASquare) {
  const auto shape = [](std::uint32_t nodes) {
    const Lattice lattice = LatticeOf(nodes);
    return Pair(lattice.rows, lattice.columns);
  };
  EXPECT_EQ(shape(12), Pair(3, 4));
  EXPECT_EQ(shape(16), Pair(4, 4));
  EXPECT_EQ(shape(18), Pair(3, 6));
  EXPECT_EQ(shape(26), Pair(2, 13));
  EXPECT_EQ(shape(1000), Pair(25, 40));
}

TEST(Lattice, OfAPrimeNumberHasAnIncompleteLastRow) {
  EXPECT_EQ(LatticeOf(13).rows, 4u);
  EXPECT_EQ(LatticeOf(13).columns, 4u);
  EXPECT_EQ(LatticeOf(7).rows, 3u);
  EXPECT_EQ(LatticeOf(7).columns, 3u);
  // Rows 0 1 2 / 3 4 5 / 6.
  EXPECT_THAT(Pairs(GridGraph(7)), ElementsAre(Pair(0, 1), Pair(0, 3), Pair(1, 2), Pair(1, 4),
                                               Pair(2, 5), Pair(3, 4), Pair(3, 6), Pair(4, 5)));
}

TEST(Grid, OfThreeRowsAndFourColumnsHasSeventeenEdges) {
  // 3 rows of 3 edges and 4 columns of 2.
  EXPECT_EQ(GridGraph(12).edges.size(), 17u);
  EXPECT_THAT(Degrees(GridGraph(12)), ElementsAre(2, 3, 3, 2, 3, 4, 4, 3, 2, 3, 3, 2));
}

TEST(Torus, GivesFourNeighboursToAllForComposedAndForPrimeNumbersOfNodes) {
  for (const std::uint32_t nodes : {5u, 7u, 9u, 12u, 13u, 100u, 101u}) {
    EXPECT_THAT(Degrees(TorusGraph(nodes)), Each(4u)) << nodes;
    EXPECT_EQ(CountComponents(TorusGraph(nodes)), 1u) << nodes;
  }
}

TEST(Torus, OfTwoRowsJoinsTheRowsOnce) { EXPECT_THAT(Degrees(TorusGraph(10)), Each(3u)); }

TEST(RegularGraph, GivesEveryNodeItsDegree) {
  constexpr Pair kCases[] = {{1, 0},  {2, 1},  {5, 2},  {10, 0},  {12, 3}, {12, 11},
                             {10, 8}, {10, 5}, {11, 4}, {9, 4},   {6, 5},  {1000, 8},
                             {7, 6},  {4, 2},  {20, 9}, {200, 99}};
  for (const auto& [nodes, degree] : kCases) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      Random random = Stream(seed);
      EXPECT_THAT(Degrees(RegularGraph(nodes, degree, random)), Each(std::size_t{degree}))
          << nodes << " nodes, degree " << degree << ", seed " << seed;
    }
  }
}

TEST(RegularGraph, DrawsEachOfThePerfectMatchingsOfFourNodesEquallyOften) {
  // Three matchings; 600 draws each within 5 sigma: sqrt(1800 * 1/3 * 2/3) = 20.
  std::vector<int> counts(4);
  for (std::uint64_t seed = 0; seed < 1800; ++seed) {
    Random random = Stream(seed);
    ++counts[RegularGraph(4, 1, random).edges[0].b];
  }
  for (const int partner : {1, 2, 3}) EXPECT_NEAR(counts[partner], 600, 100);
}

TEST(SmallWorldGraph, WithoutRewiringIsTheRingOfNearestNeighbours) {
  Random random = Stream(7);
  const Graph graph = SmallWorldGraph(8, 4, 0, random);
  EXPECT_THAT(Neighbours(graph)[0], ElementsAre(1, 2, 6, 7));
  EXPECT_THAT(Degrees(graph), Each(4u));
}

TEST(SmallWorldGraph, KeepsItsNumberOfEdgesWhateverIsRewired) {
  for (const double p : {0.0, 0.1, 0.5, 1.0}) {
    Random random = Stream(7);
    EXPECT_EQ(SmallWorldGraph(100, 6, p, random).edges.size(), 300u);
  }
}

TEST(SmallWorldGraph, RewiresTheShareThatItIsTold) {
  Random random = Stream(7);
  const Graph graph = SmallWorldGraph(2000, 4, 0.25, random);
  const auto kept = std::ranges::count_if(graph.edges, [](const Graph::Edge& edge) {
    return edge.b - edge.a <= 2 || edge.b - edge.a >= 1998;
  });
  // 4000 edges, each kept with 0.75: sigma = sqrt(4000 * 0.75 * 0.25) = 27. Chance rewirings onto
  // the ring add about 1000 * 4 / 2000 = 2.
  EXPECT_NEAR(static_cast<double>(kept), 3002, 5 * 27.4);
}

TEST(SmallWorldGraph, OfKEqualToTheNodesIsFullAndNearlyFullOnesEnd) {
  Random random = Stream(7);
  EXPECT_EQ(SmallWorldGraph(4, 4, 0.5, random).edges.size(), 6u);
  EXPECT_EQ(SmallWorldGraph(5, 4, 1, random).edges.size(), 10u);
  EXPECT_EQ(SmallWorldGraph(6, 4, 1, random).edges.size(), 12u);
}

TEST(ScaleFreeGraph, GivesEachNewNodeMEdgesAndSoIsConnected) {
  Random random = Stream(7);
  const Graph graph = ScaleFreeGraph(100, 3, random);
  EXPECT_EQ(graph.edges.size(), 3u * 97);
  EXPECT_EQ(CountComponents(graph), 1u);
  EXPECT_THAT(Pairs(ScaleFreeGraph(4, 3, random)), Pairs(StarGraph(4)));
}

TEST(ScaleFreeGraph, GrowsHubs) {
  Random random = Stream(7);
  const auto degrees = Degrees(ScaleFreeGraph(5000, 2, random));
  // The largest degree grows as m * sqrt(nodes), about 140; a random graph of mean degree 4 has
  // about 14.
  EXPECT_GT(std::ranges::max(degrees), 60u);
}

TEST(RandomGraph, HasNoEdgeForZeroAndEveryEdgeForOne) {
  Random random = Stream(7);
  EXPECT_THAT(RandomGraph(50, 0, random).edges, IsEmpty());
  EXPECT_EQ(RandomGraph(50, 1, random).edges.size(), 1225u);
  EXPECT_THAT(RandomGraph(1, 0.5, random).edges, IsEmpty());
  EXPECT_THAT(RandomGraph(1000, 1e-300, random).edges, IsEmpty());
}

TEST(RandomGraph, ChoosesEveryPairEquallyOften) {
  std::vector<int> counts(10);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Random random = Stream(seed);
    for (const auto& edge : RandomGraph(5, 0.3, random).edges)
      ++counts[edge.a * 4 - edge.a * (edge.a + 1) / 2 + edge.b - 1];
  }
  // 2000 draws of probability 0.3: sigma = sqrt(2000 * 0.3 * 0.7) = 20.5.
  for (const int count : counts) EXPECT_NEAR(count, 600, 103);
}

TEST(RandomGraph, MakesAMillionNodesAndAMillionEdges) {
  Random random = Stream(7);
  // Mean 999,999, sigma 1000.
  EXPECT_NEAR(static_cast<double>(RandomGraph(1'000'000, 2e-6, random).edges.size()), 1e6, 5000);
}

TEST(GeometricGraph, JoinsNodesAtTheRadiusButNotBeyond) {
  const std::vector<Position> positions = {{0, 0}, {3, 4}, {3, 4.01}, {0, 0, 5}, {-5, 0}};
  const Graph graph = GeometricGraph(positions, 5);
  EXPECT_THAT(Pairs(graph), ElementsAre(Pair(0, 1), Pair(0, 3), Pair(0, 4), Pair(1, 2)));
  EXPECT_EQ(graph.positions, positions);
}

TEST(GeometricGraph, WithoutRangeJoinsOnlyNodesAtOnePlace) {
  const std::vector<Position> positions = {{0.5, 0.5}, {0.1, 0.2}, {0.5, 0.5}};
  EXPECT_THAT(Pairs(GeometricGraph(positions, 0)), ElementsAre(Pair(0, 2)));
}

}  // namespace
}  // namespace delstep
