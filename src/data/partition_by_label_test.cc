// The partitioners that look at labels.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "data/partition_test_requests.h"

namespace delstep {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::size_t ClassesHeld(const std::vector<std::size_t>& counts) {
  return counts.size() - static_cast<std::size_t>(std::ranges::count(counts, 0u));
}

/// Labels of the whole partition, node after node.
std::vector<std::int32_t> LabelsInOrder(const TestPool& test, const Partition& partition) {
  std::vector<std::int32_t> labels;
  for (const auto& list : partition)
    for (const std::uint32_t example : list) labels.push_back(test.labels[example]);
  return labels;
}

/// Shares of class 0 over many draws: their number, mean and variance.
struct ShareStatistics {
  double mean = 0, variance = 0;
};
ShareStatistics DirichletShares(double alpha, std::size_t nodes) {
  constexpr std::size_t kSize = 4000;
  double sum = 0, squares = 0;
  std::size_t count = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    TestPool test(kSize, 1, nodes, seed);
    test.options.alpha = alpha;
    test.options.min_partition_size = 0;
    for (const std::size_t size : Sizes(test.Dealt("dirichlet"))) {
      const double share = static_cast<double>(size) / kSize;
      sum += share;
      squares += share * share;
      ++count;
    }
  }
  const double mean = sum / static_cast<double>(count);
  return {mean, squares / static_cast<double>(count) - mean * mean};
}

TEST(Dirichlet, SharesHaveTheMeanAndTheVarianceOfTheirDistribution) {
  // Each of N shares has mean 1 / N and variance (1 / N) (1 - 1 / N) / (N alpha + 1).
  constexpr std::size_t kNodes = 5;
  for (const double alpha : {0.1, 0.5, 5.0}) {
    const ShareStatistics shares = DirichletShares(alpha, kNodes);
    EXPECT_NEAR(shares.mean, 0.2, 1e-12);
    const double variance = 0.2 * 0.8 / (kNodes * alpha + 1);
    EXPECT_NEAR(shares.variance, variance, 0.12 * variance) << "alpha " << alpha;
  }
}

TEST(Dirichlet, EveryNodeHasTheSameExpectedShare) {
  std::vector<double> mean(4);
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    TestPool test(1000, 5, 4, seed);
    test.options.min_partition_size = 0;
    const auto sizes = Sizes(test.Dealt("dirichlet"));
    for (std::size_t node = 0; node < 4; ++node)
      mean[node] += static_cast<double>(sizes[node]) / 500;
  }
  // Of 5 classes of 200: deviation of a size is 200 sqrt(5 * 0.25 * 0.75 / 3) = 112, of its mean 5.
  for (const double size : mean) EXPECT_NEAR(size, 250, 20);
}

TEST(Dirichlet, RedrawsUntilEveryNodeHasTheMinimum) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    TestPool test(1000, 10, 8, seed);
    test.options.min_partition_size = 40;
    for (const std::size_t size : Sizes(test.Dealt("dirichlet"))) EXPECT_GE(size, 40u);
  }
}

TEST(Dirichlet, GivesUpWhereTheMinimumIsOutOfReach) {
  TestPool test(1000, 10, 10);
  test.options.alpha = 0.01;
  test.options.min_partition_size = 100;
  EXPECT_EQ(test.Refusal("dirichlet"),
            "partition.min_partition_size = 100: with partition.alpha = 0.01 some of 10 nodes had "
            "fewer examples in each of 100 draws");
  test.options.min_partition_size = 101;
  EXPECT_EQ(test.Refusal("dirichlet"),
            "partition.min_partition_size = 101: 1000 examples over 10 nodes allow at most 100");
}

TEST(Dirichlet, RefusesAConcentrationThatIsNone) {
  TestPool test(1000, 10, 10);
  for (const double alpha : {0.0, -1.0, 1e10, std::numeric_limits<double>::quiet_NaN()}) {
    test.options.alpha = alpha;
    EXPECT_THAT(test.Refusal("dirichlet"), HasSubstr("it must be more than 0 and at most"));
  }
}

TEST(Dirichlet, LargeConcentrationsAreNearlyIidAndTinyOnesStillDealAll) {
  TestPool test(10000, 10, 10);
  test.options.alpha = kLargestAlpha;
  for (const auto& list : test.Dealt("dirichlet")) {
    // Cutting 1000 examples at multiples of 0.1 may be off by the one that rounding moves.
    for (const std::size_t count : test.ClassCounts(list)) EXPECT_NEAR(double(count), 100, 1.5);
  }
  test.options.alpha = std::numeric_limits<double>::denorm_min();
  test.options.min_partition_size = 0;
  const auto partition = test.Dealt("dirichlet");
  EXPECT_EQ(AllSorted(partition).size(), 10000u);
  for (const auto& list : partition)
    EXPECT_THAT(test.ClassCounts(list), Each(testing::AnyOf(0u, 1000u)));
}

TEST(Dirichlet, SelfBalancingStopsANodeAtTheAverage) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    TestPool test(1000, 10, 5, seed);
    test.options.min_partition_size = 0;
    test.options.self_balancing = true;
    const auto partition = test.Dealt("dirichlet");
    EXPECT_EQ(AllSorted(partition).size(), 1000u);
    // Below 200 before a class of 100 comes: at most 299 after it, and no more follows.
    for (const std::size_t size : Sizes(partition)) EXPECT_LE(size, 299u);
  }
}

TEST(Dirichlet, SelfBalancingSharesEquallyWhereOnlyNodesWithoutAShareHaveRoom) {
  TestPool test(1000, 10, 5);
  test.options.alpha = std::numeric_limits<double>::denorm_min();
  test.options.min_partition_size = 0;
  test.options.self_balancing = true;
  const auto partition = test.Dealt("dirichlet");
  EXPECT_EQ(AllSorted(partition).size(), 1000u);
  for (const std::size_t size : Sizes(partition)) EXPECT_LE(size, 299u);
}

TEST(Pathological, EachNodeHoldsExactlyItsNumberOfClasses) {
  for (const char* mode : {"random", "deterministic", "first-deterministic"}) {
    TestPool test(1000, 10, 12);
    test.options.class_assignment_mode = mode;
    test.options.num_classes_per_partition = 3;
    for (const auto& list : test.Dealt("pathological"))
      EXPECT_EQ(ClassesHeld(test.ClassCounts(list)), 3u) << mode;
  }
}

TEST(Pathological, DeterministicGivesConsecutiveClassesAndEqualParts) {
  TestPool test(12, 3, 3);  // 4 examples of each of 3 classes, each held by 2 of 3 nodes
  test.options.class_assignment_mode = "deterministic";
  const auto partition = test.Dealt("pathological");
  EXPECT_THAT(test.ClassCounts(partition[0]), ElementsAre(2, 2, 0));
  EXPECT_THAT(test.ClassCounts(partition[1]), ElementsAre(0, 2, 2));
  EXPECT_THAT(test.ClassCounts(partition[2]), ElementsAre(2, 0, 2));
}

TEST(Pathological, FirstDeterministicFixesTheFirstClassOnly) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    TestPool test(1000, 5, 10, seed);
    test.options.class_assignment_mode = "first-deterministic";
    const auto partition = test.Dealt("pathological");
    for (std::size_t node = 0; node < 10; ++node)
      EXPECT_GT(test.ClassCounts(partition[node])[node % 5], 0u);
  }
}

TEST(Pathological, CountsOnlyTheClassesThatOccur) {
  TestPool test(40, 4, 4);
  for (std::int32_t& label : test.labels) label = label < 2 ? 0 : 3;
  test.options.class_assignment_mode = "deterministic";
  test.options.num_classes_per_partition = 1;
  const auto partition = test.Dealt("pathological");
  EXPECT_THAT(test.ClassCounts(partition[1]), ElementsAre(0, 0, 0, 10));
  test.options.num_classes_per_partition = 3;
  EXPECT_THAT(test.Refusal("pathological"),
              HasSubstr("partition.num_classes_per_partition = 3: it must be 1 to 2"));
}

TEST(Pathological, RefusesUnknownModesAndClassesWithTooFewExamples) {
  TestPool test(20, 10, 12);
  test.options.class_assignment_mode = "rendom";
  EXPECT_THAT(test.Refusal("pathological"),
              HasSubstr("partition.class_assignment_mode = 'rendom'"));
  test.options.class_assignment_mode = "deterministic";
  // Nodes 0, 9 and 10 have class 0, of which there are 2 examples.
  EXPECT_EQ(
      test.Refusal("pathological"),
      "partition.num_classes_per_partition = 2: class 0 goes to 3 nodes, but there are only 2 "
      "examples of it to deal");
  test.options.num_classes_per_partition = 0;
  EXPECT_THAT(test.Refusal("pathological"), HasSubstr("it must be 1 to 10"));
}

TEST(Shard, NodesHoldFewClassesAndEverythingIsDealt) {
  TestPool test(1000, 10, 10);  // 20 shards of 50, two a class
  const auto partition = test.Dealt("shard");
  EXPECT_THAT(Sizes(partition), Each(100u));
  for (const auto& list : partition) EXPECT_LE(ClassesHeld(test.ClassCounts(list)), 2u);
}

TEST(Shard, WithoutASizeShardsDifferByAtMostOne) {
  TestPool test(23, 2, 5);
  test.options.num_shards_per_partition = 1;  // 5 shards of 5, 5, 5, 4, 4
  auto sizes = Sizes(test.Dealt("shard"));
  std::ranges::sort(sizes);
  EXPECT_THAT(sizes, ElementsAre(4, 4, 5, 5, 5));
}

TEST(Shard, WithASizeTheRestIsLeft) {
  TestPool test(100, 10, 3);
  test.options.num_shards_per_partition = 2;
  test.options.shard_size = 10;  // 10 shards of one class each, 6 of them dealt
  const auto partition = test.Dealt("shard");
  EXPECT_THAT(Sizes(partition), Each(20u));
  for (const auto& list : partition) EXPECT_EQ(ClassesHeld(test.ClassCounts(list)), 2u);
}

TEST(Shard, RefusesMoreThanThereIs) {
  TestPool test(100, 10, 3);
  test.options.num_shards_per_partition = 34;
  EXPECT_EQ(
      test.Refusal("shard"),
      "partition.num_shards_per_partition = 34: it must be 1 to 33, with 100 examples for 3 nodes");
  test.options.num_shards_per_partition = 2;
  test.options.shard_size = 17;
  EXPECT_EQ(
      test.Refusal("shard"),
      "partition.shard_size = 17: it must be 1 to 16, with 100 examples for 3 nodes (of 2 shards "
      "each)");
  test.options.shard_size = 0;
  EXPECT_THAT(test.Refusal("shard"), HasSubstr("partition.shard_size = 0"));
}

TEST(LabelSorted, WeightOneDealsRunsOfTheSortedPool) {
  TestPool test(100, 10, 4);
  test.options.weight = 1;
  const auto partition = test.Dealt("label-sorted");
  EXPECT_THAT(Sizes(partition), Each(25u));
  EXPECT_TRUE(std::ranges::is_sorted(LabelsInOrder(test, partition)));
  EXPECT_THAT(test.ClassCounts(partition[0]), ElementsAre(10, 10, 5, 0, 0, 0, 0, 0, 0, 0));
}

TEST(LabelSorted, WeightZeroIsLikeIid) {
  TestPool test(10000, 10, 4);
  test.options.weight = 0;
  for (const auto& list : test.Dealt("label-sorted")) {
    // 250 of a class expected; hypergeometric deviation sqrt(250 * 0.9 * 0.75) = 13.
    for (const std::size_t count : test.ClassCounts(list)) EXPECT_NEAR(double(count), 250, 65);
  }
}

TEST(LabelSorted, AWeightBetweenSortsThatPartOfTheRuns) {
  TestPool test(20000, 10, 10);
  test.options.weight = 0.5;
  const auto partition = test.Dealt("label-sorted");
  // A run of 2000 takes about 1000 of the 10000 sorted, all of one class, and 1000 at random, 100
  // of each: about 1100 of its own class. Where the runs begin wanders by some sqrt(20000 / 4)
  // = 71.
  for (std::size_t node = 0; node < 10; ++node)
    EXPECT_NEAR(double(test.ClassCounts(partition[node])[node]), 1100, 300);
}

TEST(LabelSorted, HonoursTheSizesGiven) {
  TestPool test(100, 10, 3);
  test.options.partition_sizes = {50, 10, 20};
  EXPECT_THAT(Sizes(test.Dealt("label-sorted")), ElementsAre(50, 10, 20));
  test.options.partition_sizes = {50, 10};
  EXPECT_THAT(test.Refusal("label-sorted"), HasSubstr("partition.partition_sizes has 2 sizes"));
}

TEST(LabelSorted, RefusesAWeightThatIsNoShare) {
  TestPool test(100, 10, 3);
  for (const double weight : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    test.options.weight = weight;
    EXPECT_THAT(test.Refusal("label-sorted"), HasSubstr("it must be 0 to 1"));
  }
}

}  // namespace
}  // namespace delstep
