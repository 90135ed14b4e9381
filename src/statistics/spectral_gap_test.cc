#include "statistics/spectral_gap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace delstep {
namespace {

using Edges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

Edges Complete(std::uint32_t nodes) {
  Edges edges;
  for (std::uint32_t a = 0; a < nodes; ++a)
    for (std::uint32_t b = a + 1; b < nodes; ++b) edges.emplace_back(a, b);
  return edges;
}

Edges Path(std::uint32_t nodes) {
  Edges edges;
  for (std::uint32_t i = 0; i + 1 < nodes; ++i) edges.emplace_back(i, i + 1);
  return edges;
}

Edges Ring(std::uint32_t nodes) {
  Edges edges = Path(nodes);
  edges.emplace_back(nodes - 1, 0);
  return edges;
}

// All weights are 1/n, those of the diagonal too: one averaging gives the mean.
TEST(SpectralGap, OfACompleteGraphIsOne) {
  for (const std::uint32_t nodes : {2u, 3u, 12u, 100u}) {
    const SpectralGap found = SpectralGapOf(nodes, Complete(nodes));
    EXPECT_NEAR(found.gap, 1, 1e-12) << nodes;
    EXPECT_TRUE(found.exact);
  }
}

// A circulant matrix with 1/3 at -1, 0 and 1: eigenvalues (1 + 2 cos(2 pi k / n)) / 3.
TEST(SpectralGap, OfARingFollowsFromTheCosine) {
  for (const std::uint32_t nodes : {4u, 5u, 12u, 101u, 600u}) {
    double most = 0;
    for (std::uint32_t k = 1; k < nodes; ++k)
      most = std::max(most, std::abs(1 + 2 * std::cos(2 * std::numbers::pi * k / nodes)) / 3);
    const SpectralGap found = SpectralGapOf(nodes, Ring(nodes));
    EXPECT_NEAR(found.gap, 1 - most, 1e-9) << nodes;
    EXPECT_TRUE(found.exact);
  }
}

// Taking all steps that a ring of this size needs would take an hour. What fewer steps know of the
// largest eigenvalue lies below it, so the gap they tell lies above.
TEST(SpectralGap, OfALongRingIsABound) {
  const std::uint32_t nodes = 20'000;
  const double gap = 2.0 / 3 * (1 - std::cos(2 * std::numbers::pi / nodes));
  const SpectralGap found = SpectralGapOf(nodes, Ring(nodes));
  EXPECT_FALSE(found.exact);
  EXPECT_GE(found.gap, gap);
  EXPECT_LT(found.gap, 0.01);
}

// Every edge has 1/3 (the larger degree is 2), the ends keep 2/3: as in a ring of twice the length
// that is folded, eigenvalues (1 + 2 cos(pi k / n)) / 3, k = 0 to n - 1.
TEST(SpectralGap, OfAPathIsThatOfTheUnfoldedRing) {
  const std::uint32_t nodes = 10;
  const double second = (1 + 2 * std::cos(std::numbers::pi / nodes)) / 3;
  EXPECT_NEAR(SpectralGapOf(nodes, Path(nodes)).gap, 1 - second, 1e-9);
}

// n - 1 leaves: each edge has 1/n, a leaf keeps 1 - 1/n. Vectors on the leaves that sum to 0 are
// eigenvectors of 1 - 1/n; the other one has (-(n-1), 1, ..., 1): 1/n - 1/n = 0.
TEST(SpectralGap, OfAStarIsOneOverItsNodes) {
  Edges edges;
  for (std::uint32_t leaf = 1; leaf < 8; ++leaf) edges.emplace_back(0, leaf);
  EXPECT_NEAR(SpectralGapOf(8, edges).gap, 1.0 / 8, 1e-9);
}

TEST(SpectralGap, IsZeroWhereSomeNodesAreNotConnected) {
  EXPECT_EQ(SpectralGapOf(3, {}).gap, 0);
  EXPECT_EQ(SpectralGapOf(4, Edges{{0, 1}, {2, 3}}).gap, 0);
  EXPECT_EQ(CountComponents(4, Edges{{0, 1}, {2, 3}}), 2u);
  EXPECT_EQ(CountComponents(4, Edges{{0, 1}, {2, 3}, {1, 2}}), 1u);
  EXPECT_EQ(CountComponents(0, {}), 0u);
}

TEST(SpectralGap, OfOneNodeIsOneAsItAgreesWithItself) { EXPECT_EQ(SpectralGapOf(1, {}).gap, 1); }

}  // namespace
}  // namespace delstep
