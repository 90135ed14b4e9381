#include "base/selector_word.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace delstep {
namespace {

using testing::HasSubstr;

// A group in a table of nodes was read as the id of a node, and the first node got its values.
TEST(SelectorWord, MeansManyNodes) {
  EXPECT_THAT(*MeansManyNodes("@west"),
              HasSubstr("'@west' is a group and no node: write one line"));
  EXPECT_THAT(*MeansManyNodes("all"), HasSubstr("'all' means every node"));
  EXPECT_THAT(*MeansManyNodes("10.0.0.[1-3]"), HasSubstr("'10.0.0.[1-3]' is a range and no node"));
}

TEST(SelectorWord, OtherLabelsAreThoseOfSomeNode) {
  for (const char* label : {"", "@", "All", "overall", "west@example", "10.0.0.1", "a[1]", "[1]",
                            "ann", "7", "data", "node"})
    EXPECT_FALSE(MeansManyNodes(label)) << label;
}

}  // namespace
}  // namespace delstep
