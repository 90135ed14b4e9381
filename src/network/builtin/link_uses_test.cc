#include "network/builtin/link_uses.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

constexpr NodeId kA{0}, kB{1}, kC{2};

TEST(LinkUses, CountEachDirectedLinkByItselfInWhateverOrderTheyAreAskedFor) {
  LinkUses uses;
  for (const std::uint32_t to : {5u, 3u, 4u, 3u, 5u, 9u, 1u, 9u, 3u})
    ++uses.At(kC, NodeId{to}).messages;
  ++uses.At(NodeId{3}, kC).messages;
  const std::vector<std::uint64_t> expected = {0, 1, 0, 3, 1, 2, 0, 0, 0, 2};
  for (const std::uint32_t to : {1u, 3u, 4u, 5u, 9u})
    EXPECT_EQ(uses.At(kC, NodeId{to}).messages, expected[to]) << to;
  EXPECT_EQ(uses.At(NodeId{3}, kC).messages, 1u);
}

TEST(LinkUses, ForgetTheLinksOfANodeInBothDirections) {
  LinkUses uses;
  for (const NodeId from : {kA, kB, kC})
    for (const NodeId to : {kA, kB, kC})
      if (from != to) ++uses.At(from, to).messages;
  uses.Forget(kB);
  EXPECT_EQ(uses.At(kA, kB).messages, 0u);
  EXPECT_EQ(uses.At(kB, kC).messages, 0u);
  EXPECT_EQ(uses.At(kC, kA).messages, 1u);
  EXPECT_EQ(uses.At(kA, kC).messages, 1u);
}

TEST(LinkUses, ACopyIsIndependent) {
  LinkUses uses;
  ++uses.At(kA, kB).messages;
  LinkUses copy = uses;
  ++copy.At(kA, kB).messages;
  EXPECT_EQ(uses.At(kA, kB).messages, 1u);
}

}  // namespace
}  // namespace delstep
