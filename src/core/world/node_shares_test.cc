#include "core/world/node_shares.h"

#include <gtest/gtest.h>

#include <span>
#include <utility>
#include <vector>

namespace delstep {
namespace {

constexpr NodeId kA{0}, kB{1}, kC{2}, kFar{70'000};

TEST(NodeShares, AreWhatTheyWereMadeOf) {
  const std::vector<NodeShare> every = {{kA, 0.5, 2, 1, 4}, {kB, 0.25, 0, 0, 0}},
                               some = {{kA, 0.5, 2, 3, 4}, {kFar, 0.25, 0.125, 1, 1}};
  for (const std::vector<NodeShare>& rows : {every, some, std::vector<NodeShare>{}}) {
    const NodeShares shares{std::span(rows)};
    EXPECT_EQ(shares.Rows(), rows);
    NodeShares copy = shares;
    EXPECT_EQ(copy, shares);
    const NodeShares moved = std::move(copy);
    EXPECT_EQ(moved.Rows(), rows);
    EXPECT_EQ(moved.empty(), rows.empty());
  }
}

TEST(NodeShares, OfEveryNodeHaveNoColumnOfNodes) {
  const NodeShares every = {{.node = kA}, {.node = kB}}, some = {{.node = kA}, {.node = kC}};
  EXPECT_TRUE(every.IsOfEveryNode());
  EXPECT_EQ(every.bytes(), 2u * (8 + 8 + 4 + 4));
  EXPECT_FALSE(some.IsOfEveryNode());
  EXPECT_EQ(some.bytes(), 2u * (8 + 8 + 4 + 4 + 4));
  // As many as the last one says, but in another order: a damaged file may have them.
  EXPECT_FALSE((NodeShares{{.node = kB}, {.node = kB}}).IsOfEveryNode());
}

TEST(NodeShares, ThePlaceOfANodeIsAfterThoseBeforeIt) {
  const NodeShares every = {{.node = kA}, {.node = kB}, {.node = kC}},
                   some = {{.node = kB}, {.node = kC}, {.node = kFar}};
  EXPECT_EQ(every.PlaceOf(kA), 0u);
  EXPECT_EQ(every.PlaceOf(kC), 2u);
  EXPECT_EQ(every.PlaceOf(kFar), 3u);
  EXPECT_EQ(some.PlaceOf(kA), 0u);
  EXPECT_EQ(some.PlaceOf(kB), 0u);
  EXPECT_EQ(some.PlaceOf(kC), 1u);
  EXPECT_EQ(some.PlaceOf(NodeId{3}), 2u);
  EXPECT_EQ(some.PlaceOf(kFar), 2u);
  EXPECT_EQ(some.PlaceOf(NodeId{70'001}), 3u);
}

// More than a piece, and whole pieces.
TEST(NodeShares, LieInPiecesOfColumns) {
  for (const std::size_t size : {2 * NodeShares::kTogether, 2 * NodeShares::kTogether + 5}) {
    std::vector<NodeShare> rows;
    for (std::size_t i = 0; i < size; ++i)
      rows.push_back({NodeId(2 * i), 0.5 * static_cast<double>(i), 1.0 + static_cast<double>(i),
                      i + 1, 2 * i + 1});
    const NodeShares shares{std::span(rows)};
    EXPECT_EQ(shares.Rows(), rows);
    for (std::size_t i = 0; i < size; ++i) {
      const auto piece = shares.Piece(i / NodeShares::kTogether);
      const std::size_t c = i % NodeShares::kTogether;
      ASSERT_LT(c, piece.size);
      EXPECT_EQ(piece.initial[c], rows[i].initial);
      EXPECT_EQ(piece.trained[c], rows[i].trained);
      EXPECT_EQ(static_cast<std::uint64_t>(piece.first[c]), rows[i].first);
      EXPECT_EQ(static_cast<std::uint64_t>(piece.last[c]), rows[i].last);
    }
  }
}

TEST(NodeShares, WithoutTrainingsDoNotCountForTheSmallestAndTheLargest) {
  NodeShares shares = {{kA, 0, 0, 2, 3}, {kB, 0, 0, 0, 0}};
  EXPECT_EQ(shares.Piece(0).first[1], NodeShares::kNoTraining);
  EXPECT_EQ(shares.Piece(0).last[1], 0);
  EXPECT_EQ(shares.trainings(1), (TrainingRange{kB, 0, 0}));
  shares.SetTrainings(0, {});
  EXPECT_EQ(shares.trainings(0), (TrainingRange{kA, 0, 0}));
  shares.SetTrainings(1, {.first = kLargestTraining, .last = kLargestTraining + 1});
  EXPECT_EQ(shares.trainings(1), (TrainingRange{kB, kLargestTraining, kLargestTraining}));
}

}  // namespace
}  // namespace delstep
