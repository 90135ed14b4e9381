#include "plotting/curves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::tuple<double, double, double, double>> Numbers(const CurvePoints& curve) {
  std::vector<std::tuple<double, double, double, double>> numbers;
  for (const CurvePoint& point : curve)
    numbers.emplace_back(point.x, point.value, point.low, point.high);
  return numbers;
}
auto At(double x, double value, double low, double high) { return std::tuple(x, value, low, high); }

/// Two tests, after 100 and 300 bytes, at 1 s and 4 s.
RunMetrics TwoTests() {
  RunMetrics run;
  run.metrics["test_acc/mean"] = {{2, 0, 1, 0.5}, {5, 1, 4, 0.75}};
  run.metrics["test_acc/p10"] = {{2, 0, 1, 0.25}, {5, 1, 4, 0.5}};
  run.metrics["test_acc/p90"] = {{2, 0, 1, 0.625}, {5, 1, 4, 1}};
  run.metrics["test_acc/std"] = {{2, 0, 1, 0.125}, {5, 1, 4, 0.25}};
  run.metrics["total_bytes"] = {{1, 0, 1, 100}, {4, 1, 4, 300}};
  run.metrics["consensus_distance"] = {{0, 0, 0, 8}, {3, 0, 1, 4}, {4, 1, 4, 2}};
  return run;
}

TEST(Curves, ShowTheMeanWithTheSpreadOfTheNodes) {
  const RunMetrics run = TwoTests();
  EXPECT_THAT(Numbers(CurveOfRun(run, "test_acc", XAxis::kTime, Band::kPercentiles)),
              ElementsAre(At(1, 0.5, 0.25, 0.625), At(4, 0.75, 0.5, 1)));
  EXPECT_THAT(Numbers(CurveOfRun(run, "test_acc", XAxis::kCycle, Band::kDeviation)),
              ElementsAre(At(0, 0.5, 0.375, 0.625), At(1, 0.75, 0.5, 1)));
  EXPECT_THAT(Numbers(CurveOfRun(run, "test_acc", XAxis::kStep, Band::kNone)),
              ElementsAre(At(2, 0.5, 0.5, 0.5), At(5, 0.75, 0.75, 0.75)));
  // The run has no minimum and maximum: no band.
  EXPECT_THAT(Numbers(CurveOfRun(run, "test_acc", XAxis::kTime, Band::kMinMax)),
              ElementsAre(At(1, 0.5, 0.5, 0.5), At(4, 0.75, 0.75, 0.75)));
}

TEST(Curves, StandOverWhatHadBeenSentByThen) {
  EXPECT_THAT(Numbers(CurveOfRun(TwoTests(), "test_acc", XAxis::kBytes, Band::kNone)),
              ElementsAre(At(100, 0.5, 0.5, 0.5), At(300, 0.75, 0.75, 0.75)));
}

TEST(Curves, TakeTheLastOfSeveralValuesAtOnePlace) {
  // After `train` and after `ag` of cycle 0: 4 is what counts.
  EXPECT_THAT(Numbers(CurveOfRun(TwoTests(), "consensus_distance", XAxis::kCycle, Band::kNone)),
              ElementsAre(At(0, 4, 4, 4), At(1, 2, 2, 2)));
}

TEST(Curves, LoseWhatAnUndoTookBack) {
  RunMetrics run;
  run.metrics["drops"] = {{0, 0, 1, 10}, {1, 0, 2, 20}, {2, 0, 3, 30}, {3, 0, 1.5, 15}};
  EXPECT_THAT(Numbers(CurveOfRun(run, "drops", XAxis::kTime, Band::kNone)),
              ElementsAre(At(1, 10, 10, 10), At(1.5, 15, 15, 15)));
}

TEST(Curves, AreEmptyForAMetricThatTheRunLacks) {
  EXPECT_THAT(CurveOfRun(TwoTests(), "test", XAxis::kTime, Band::kNone), IsEmpty());
  EXPECT_THAT(MetricsOf(TwoTests()), ElementsAre("consensus_distance", "test_acc", "total_bytes"));
  EXPECT_EQ(CurveOfRun(TwoTests(), "test_acc/p10", XAxis::kTime, Band::kPercentiles)[0].value,
            0.25);
}

TEST(Curves, KnowWhetherThereIsALineToDraw) {
  RunMetrics still;
  still.metrics["drops"] = {{0, 3, 0, 1}, {1, 3, 0, 2}};
  EXPECT_FALSE(HasExtent(still, XAxis::kTime));
  EXPECT_FALSE(HasExtent(still, XAxis::kCycle));
  EXPECT_FALSE(HasExtent(still, XAxis::kBytes));
  EXPECT_TRUE(HasExtent(still, XAxis::kStep));
  EXPECT_TRUE(HasExtent(TwoTests(), XAxis::kTime));
}

TEST(Curves, OfSeveralRunsAreTheMeanOfTheirMiddlesWhereAllReach) {
  // At 1: 2 and, between 0 and 4, 4·1/4 = 1; at 2: 4 and 2; 4 lies beyond the first run.
  const std::vector<CurvePoints> runs = {{{1, 2, 0, 9}, {2, 4, 0, 9}},
                                         {{0, 0, 0, 9}, {4, 4, 0, 9}}};
  EXPECT_THAT(Numbers(Combine(runs, Band::kMinMax)), ElementsAre(At(1, 1.5, 1, 2), At(2, 3, 2, 4)));
  // Of two values the population's deviation is half their difference.
  EXPECT_THAT(Numbers(Combine(runs, Band::kDeviation)),
              ElementsAre(At(1, 1.5, 1, 2), At(2, 3, 2, 4)));
  // numpy.percentile of [1, 2]: 1.1 and 1.9.
  EXPECT_NEAR(Combine(runs, Band::kPercentiles)[0].low, 1.1, 1e-12);
  EXPECT_NEAR(Combine(runs, Band::kPercentiles)[0].high, 1.9, 1e-12);
}

TEST(Curves, OfOneRunStayAsTheyAre) {
  const std::vector<CurvePoints> runs = {{}, {{1, 2, 0, 9}}};
  EXPECT_THAT(Numbers(Combine(runs, Band::kPercentiles)), ElementsAre(At(1, 2, 0, 9)));
  EXPECT_THAT(Combine({}, Band::kPercentiles), IsEmpty());
}

}  // namespace
}  // namespace delstep
