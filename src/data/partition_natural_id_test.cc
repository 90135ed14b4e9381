#include <gmock/gmock.h>

#include "data/partition_test_requests.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

/// Ten examples of the sources a, b, c, d: example i comes from source i % 4.
struct SourcedPool : TestPool {
  explicit SourcedPool(std::size_t nodes) : TestPool(10, 2, nodes) {
    for (std::uint32_t i = 0; i < 10; ++i) sources.push_back(i % 4);
    request.sources = sources;
    request.source_names = names;
  }

  std::vector<std::uint32_t> sources;
  std::vector<std::string> names = {"a", "b", "c", "d"};
};

TEST(NaturalId, GivesEachNodeTheExamplesOfItsSource) {
  const auto partition = SourcedPool(4).Dealt("natural-id");
  EXPECT_THAT(partition, ElementsAre(UnorderedElementsAre(0, 4, 8), UnorderedElementsAre(1, 5, 9),
                                     UnorderedElementsAre(2, 6), UnorderedElementsAre(3, 7)));
}

TEST(NaturalId, DealsMoreSourcesThanNodesInTurn) {
  // Node 0 gets a and d, node 1 gets b, node 2 gets c.
  const auto partition = SourcedPool(3).Dealt("natural-id");
  EXPECT_THAT(partition, ElementsAre(UnorderedElementsAre(0, 4, 8, 3, 7),
                                     UnorderedElementsAre(1, 5, 9), UnorderedElementsAre(2, 6)));
}

TEST(NaturalId, CountsOnlySourcesWithAnExampleInThePool) {
  SourcedPool test(2);
  test.pool = {7, 1, 3, 5};  // b and d
  EXPECT_THAT(test.Dealt("natural-id"), ElementsAre(ElementsAre(1, 5), ElementsAre(7, 3)));
  test.request.nodes = 3;
  EXPECT_EQ(test.Refusal("natural-id"),
            "partition.name = natural-id: 2 sources for 3 nodes (nodes.count)");
}

TEST(NaturalId, RefusesMoreNodesThanSources) {
  EXPECT_EQ(SourcedPool(5).Refusal("natural-id"),
            "partition.name = natural-id: 4 sources for 5 nodes (nodes.count)");
}

TEST(NaturalId, SaysWhichDataHaveSources) {
  TestPool test(10, 2, 2);
  EXPECT_EQ(test.Refusal("natural-id"),
            "partition.name = natural-id: the data set does not say where an example comes from");
  EXPECT_THAT(test.Deal("natural-id").error().hint, HasSubstr("leaf"));
}

}  // namespace
}  // namespace delstep
