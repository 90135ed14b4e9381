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

TEST(ProgressLine, TellsOnlyTheTimeBeforeTheFirstNodeIsDone) {
  EXPECT_EQ(ProgressLine({0, 24}, 3, {}, 100), "[>                       ] 0/24 nodes, 3 s so far");
}

TEST(ProgressLine, PutsLongTimesInLargerUnits) {
  EXPECT_NE(ProgressLine({1, 101}, 1, {}, 100).find("1 min 40 s left"), std::string::npos);
  EXPECT_NE(ProgressLine({1, 7381}, 1, {}, 100).find("2 h 03 min left"), std::string::npos);
}

TEST(ProgressLine, LeavesOutWhatDoesNotFit) {
  EXPECT_EQ(ProgressLine({6, 24}, 3, 0.9, 40), "[======>                 ] 6/24 nodes");
}

TEST(RoundLine, TellsRoundTimeAndAccuracy) {
  // 36 rounds in 72 s are 2 s a round; 64 rounds are left, the present one included: 128 s.
  const Session::Place place{.in_repeat = true, .number = 37, .of = 100};
  EXPECT_EQ(RoundLine(place, 1, {5, 12}, 72, 0.9123, 100),
            "round 37/100 · 1 min 12 s · 2 min 08 s left · mean accuracy 0.9123 · 5/12 nodes");
  EXPECT_EQ(RoundLine(place, 1, {}, 72, {}, 20), "round 37/100");
}

TEST(RoundLine, TakesTheTimeFromTheRoundThatItFirstSaw) {
  // Seen from round 11 on: 10 rounds took 20 s, and 80 are left.
  EXPECT_EQ(RoundLine({.in_repeat = true, .number = 21, .of = 100}, 11, {}, 20, {}, 100),
            "round 21/100 · 20 s · 2 min 40 s left");
}

TEST(RoundLine, PromisesNothingInTheFirstRoundNorInAScript) {
  EXPECT_EQ(RoundLine({.in_repeat = true, .number = 1, .of = 9}, 1, {}, 3, {}, 100),
            "round 1/9 · 3 s");
  EXPECT_EQ(RoundLine({.number = 3, .of = 8}, 1, {}, 3, {}, 100), "command 3/8 · 3 s");
}

TEST(RoundLine, TellsSimulatedTimeOfARun) {
  // 12.5 s of 60 s took 5 s, so 47.5 s take 19 s.
  EXPECT_EQ(RoundLine({.in_run = true, .number = 12'500'000'000, .of = 60'000'000'000}, 0, {}, 5,
                      {}, 100),
            "run 12.5/60 s · 5 s · 19 s left");
  const auto endless = static_cast<std::uint64_t>(Duration::max().count());
  EXPECT_EQ(RoundLine({.in_run = true, .number = 12'500'000'000, .of = endless}, 0, {}, 5, {}, 100),
            "run 12.5 s · 5 s");
}

}  // namespace
}  // namespace delstep
