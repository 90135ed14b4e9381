// What holds for every partitioner, and those that go by size alone.
#include "data/partitioners.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <numeric>

#include "data/partition_test_requests.h"

namespace delstep {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A pool of a part of a data set, with any labels and options; what comes out may be an error.
TestPool AnyPool() {
  const auto size = *rc::gen::inRange<std::size_t>(0, 300);
  const auto classes = *rc::gen::inRange<std::int32_t>(1, 12);
  TestPool test(size, classes, *rc::gen::inRange<std::size_t>(1, 20),
                *rc::gen::arbitrary<std::uint64_t>());
  for (std::int32_t& label : test.labels) label = *rc::gen::inRange<std::int32_t>(0, classes);
  test.pool.resize(*rc::gen::inRange<std::size_t>(0, size + 1));
  test.options.alpha = *rc::gen::element(0.01, 0.5, 1.0, 100.0);
  test.options.min_partition_size = *rc::gen::inRange<std::size_t>(0, 4);
  test.options.self_balancing = *rc::gen::arbitrary<bool>();
  test.options.num_classes_per_partition = *rc::gen::inRange<std::size_t>(0, 6);
  test.options.class_assignment_mode =
      *rc::gen::element<std::string>("random", "deterministic", "first-deterministic", "other");
  test.options.num_shards_per_partition = *rc::gen::inRange<std::size_t>(0, 5);
  if (*rc::gen::arbitrary<bool>()) test.options.shard_size = *rc::gen::inRange<std::size_t>(0, 9);
  if (*rc::gen::arbitrary<bool>()) {
    test.options.partition_sizes = *rc::gen::container<std::vector<std::size_t>>(
        test.request.nodes, rc::gen::inRange<std::size_t>(0, 20));
  }
  test.options.weight = *rc::gen::element(0.0, 0.3, 0.5, 1.0);
  return test;
}

const std::vector<std::string> kNames = {"iid",    "dirichlet",   "pathological",
                                         "shard",  "size",        "linear",
                                         "square", "exponential", "label-sorted"};

RC_GTEST_PROP(Partitioners, DealDisjointPartsOfThePoolAndTheSameAgain, ()) {
  TestPool test = AnyPool();
  for (const std::string& name : kNames) {
    const auto partition = test.Deal(name);
    if (!partition.ok()) {
      RC_ASSERT(partition.error().code == ErrorCode::kUsage);
      RC_ASSERT(partition.error().message.starts_with("partition."));
      continue;
    }
    RC_ASSERT(partition->size() == test.request.nodes);
    const std::vector<std::uint32_t> dealt = AllSorted(*partition);
    RC_ASSERT(std::ranges::adjacent_find(dealt) == dealt.end());
    std::vector<std::uint32_t> pool = test.pool;
    std::ranges::sort(pool);
    RC_ASSERT(std::ranges::includes(pool, dealt));
    RC_ASSERT(*test.Deal(name) == *partition);
  }
}

RC_GTEST_PROP(Partitioners, DealEverythingUnlessAnOptionLeavesSome, ()) {
  TestPool test = AnyPool();
  test.options.shard_size.reset();
  test.options.partition_sizes.clear();
  for (const std::string& name : kNames) {
    if (name == "pathological" || name == "size") continue;
    if (const auto partition = test.Deal(name); partition.ok())
      RC_ASSERT(AllSorted(*partition).size() == test.pool.size());
  }
}

RC_GTEST_PROP(Partitioners, AnotherKeyDealsOtherwise, ()) {
  TestPool test(200, 4, 5, *rc::gen::arbitrary<std::uint64_t>());
  for (const char* name : {"dirichlet", "pathological", "shard", "label-sorted"}) {
    const auto before = test.Dealt(name);
    test.request.key = Derive(test.request.key, 1);
    RC_ASSERT(test.Dealt(name) != before);
  }
}

TEST(Iid, SizesDifferByAtMostOneTheLargerFirst) {
  EXPECT_THAT(Sizes(TestPool(14, 3, 4).Dealt("iid")), ElementsAre(4, 4, 3, 3));
  EXPECT_THAT(Sizes(TestPool(2, 2, 3).Dealt("iid")), ElementsAre(1, 1, 0));
  EXPECT_THAT(Sizes(TestPool(0, 2, 2).Dealt("iid")), ElementsAre(0, 0));
}

TEST(Size, GivesEachNodeItsSizeAndLeavesTheRest) {
  TestPool test(10, 2, 3);
  test.options.partition_sizes = {5, 0, 2};
  EXPECT_THAT(Sizes(test.Dealt("size")), ElementsAre(5, 0, 2));
}

TEST(Size, WantsOneSizeANodeAndNoMoreThanThereIs) {
  TestPool test(10, 2, 3);
  EXPECT_EQ(test.Refusal("size"),
            "partition.partition_sizes has 0 sizes, expected one for each of 3 nodes");
  test.options.partition_sizes = {5, 5};
  EXPECT_THAT(test.Refusal("size"), HasSubstr("has 2 sizes"));
  test.options.partition_sizes = {5, 4, 2};
  EXPECT_EQ(test.Refusal("size"),
            "partition.partition_sizes: size 2 of node 3 is more than the 1 of 10 examples left");
  test.options.partition_sizes = {1, SIZE_MAX, SIZE_MAX};
  EXPECT_THAT(test.Refusal("size"), HasSubstr("of node 2 is more than the 9 of"));
}

TEST(Linear, SizesGrowWithTheNumberOfTheNode) {
  EXPECT_THAT(Sizes(TestPool(100, 2, 4).Dealt("linear")), ElementsAre(10, 20, 30, 40));
  // 107 * i / 10 = 10.7, 21.4, 32.1, 42.8, rounded down; the last gets the 2 that remain.
  EXPECT_THAT(Sizes(TestPool(107, 2, 4).Dealt("linear")), ElementsAre(10, 21, 32, 44));
}

TEST(Square, SizesGrowWithItsSquare) {
  EXPECT_THAT(Sizes(TestPool(300, 2, 4).Dealt("square")), ElementsAre(10, 40, 90, 160));
}

TEST(Exponential, SizesGrowWithItsExponential) {
  // e^1 + e^2 + e^3 = 30.1929; 1000 e / 30.1929 = 90.03, 1000 e^2 / 30.1929 = 244.73.
  EXPECT_THAT(Sizes(TestPool(1000, 2, 3).Dealt("exponential")), ElementsAre(90, 244, 666));
}

TEST(Exponential, GivesEveryNodeAtLeastOneExample) {
  const auto sizes = Sizes(TestPool(1000, 2, 12).Dealt("exponential"));
  EXPECT_EQ(sizes.front(), 1u);  // 1000 e^-11 (e - 1) / e = 0.01
  EXPECT_EQ(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}), 1000u);
  // e^2000 is beyond the range of double, which must not matter.
  EXPECT_EQ(Sizes(TestPool(5000, 2, 2000).Dealt("exponential")).front(), 1u);
  EXPECT_EQ(TestPool(10, 2, 10).Refusal("exponential"),
            "partition.name = exponential: 10 examples are too few for 10 nodes");
}

}  // namespace
}  // namespace delstep
