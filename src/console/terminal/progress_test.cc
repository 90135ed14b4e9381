#include "console/terminal/progress.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

TEST(ProgressLine, TellsRateTimeLeftAndAccuracy) {
  // 6 of 24 nodes in 3 s: 2 a second, 18 left, so 9 s.
  EXPECT_EQ(ProgressLine({6, 24}, 3, 0.9123, 100),
            "[======>                 ] 6/24 nodes, 2.0/s, 9 s left, mean accuracy 0.9123");
  EXPECT_EQ(ProgressLine({24, 24}, 3, {}, 100),
            "[========================] 24/24 nodes, 8.0/s, 0 s left");
}

TEST(ProgressLine, PromisesNothingBeforeTheFirstNodeIsDone) {
  EXPECT_EQ(ProgressLine({0, 24}, 3, {}, 100), "[>                       ] 0/24 nodes");
}

TEST(ProgressLine, PutsLongTimesInLargerUnits) {
  EXPECT_NE(ProgressLine({1, 101}, 1, {}, 100).find("1 min 40 s left"), std::string::npos);
  EXPECT_NE(ProgressLine({1, 7381}, 1, {}, 100).find("2 h 03 min left"), std::string::npos);
}

TEST(ProgressLine, LeavesOutWhatDoesNotFit) {
  EXPECT_EQ(ProgressLine({6, 24}, 3, 0.9, 40), "[======>                 ] 6/24 nodes");
}

}  // namespace
}  // namespace delstep
