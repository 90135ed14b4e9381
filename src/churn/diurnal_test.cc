#include <gtest/gtest.h>

#include <cmath>

#include "churn/churns.h"
#include "delstep/churn.h"

namespace delstep {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr double kPi = 3.14159265358979323846;

Scenario DayOf(Duration period, double min, double max, std::size_t nodes) {
  Scenario scenario;
  scenario.nodes.count = nodes;
  scenario.churn.min = min;
  scenario.churn.max = max;
  scenario.churn.period = period;
  return scenario;
}
std::size_t Online(const Churn& churn, std::size_t nodes, Duration at) {
  std::size_t online = 0;
  for (std::size_t i = 0; i < nodes; ++i)
    online += churn.IsOnline(static_cast<NodeId>(i), SimTime{at}) ? 1 : 0;
  return online;
}

TEST(Diurnal, ExactlyTheTargetIsOnlineInEachStep) {
  constexpr std::size_t kNodes = 200;
  const auto churn = MakeDiurnal(DayOf(minutes(60), 0.15, 0.8, kNodes)).value();
  double sum = 0;
  for (int step = 0; step < 360; ++step) {
    const double target = 0.15 + 0.65 * (std::sin(2 * kPi * step / 360) + 1) / 2;
    const auto online = static_cast<double>(Online(*churn, kNodes, seconds(10) * step));
    // Half a node by rounding; a tie of a half may fall either way.
    EXPECT_NEAR(online, target * kNodes, 0.5 + 1e-9) << step;
    sum += online / kNodes;
  }
  // The mean of a sine is 0. The rounding of 360 numbers, each by at most 1/2 of 200 nodes, moves
  // the mean by far less than 1/400.
  EXPECT_NEAR(sum / 360, (0.15 + 0.8) / 2, 1.0 / 400);
}

TEST(Diurnal, ChangesAreAtStepsAndDaysAreAlike) {
  const auto churn = MakeDiurnal(DayOf(minutes(60), 0.2, 0.8, 30)).value();
  const auto first = churn->Changes(30, SimTime{}, SimTime{minutes(60)});
  const auto second = churn->Changes(30, SimTime{minutes(60)}, SimTime{minutes(120)});
  ASSERT_EQ(first.size(), second.size());
  EXPECT_GT(first.size(), 30u) << "most nodes come and go once a day";
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].at.time_since_epoch() % seconds(10), Duration(0));
    EXPECT_EQ(first[i].at + minutes(60), second[i].at);
    EXPECT_EQ(first[i].node, second[i].node);
  }
}

TEST(Diurnal, NodesHaveTheirOwnTimeOfDay) {
  // Half of 1,000 are online at all times, but by phi not always the same half: 12 hours later
  // mostly the others, while beta has a standard deviation of sqrt(10 / (49 * 8)) = 0.16 only.
  const auto churn = MakeDiurnal(DayOf(minutes(60), 0.5, 0.5, 1000)).value();
  int same = 0;
  for (std::uint32_t i = 0; i < 1000; ++i)
    same += churn->IsOnline(NodeId{i}, {}) == churn->IsOnline(NodeId{i}, SimTime{minutes(30)});
  EXPECT_LT(same, 250);
  EXPECT_GT(same, 10) << "and beta keeps some";
}

TEST(Diurnal, APeriodThat360DoesNotDivideHasExactDays) {
  const Duration period = seconds(1) + Duration(7);
  const auto churn = MakeDiurnal(DayOf(period, 0, 1, 20)).value();
  const auto changes = churn->Changes(20, SimTime{}, SimTime{3 * period});
  for (const PresenceChange& change : changes) {
    EXPECT_EQ(churn->IsOnline(change.node, change.at), change.present);
    EXPECT_EQ(churn->IsOnline(change.node, change.at - Duration(1)), !change.present);
  }
  EXPECT_EQ(Online(*churn, 20, period / 4), 20u) << "noon";
  EXPECT_EQ(Online(*churn, 20, period * 3 / 4 + Duration(10)), 0u) << "midnight";
}

TEST(Diurnal, NodesThatJoinLaterTakeNobodysPlace) {
  const auto churn = MakeDiurnal(DayOf(minutes(60), 0.3, 0.6, 40)).value();
  const auto alone = churn->Changes(40, SimTime{}, SimTime{minutes(60)});
  std::vector<PresenceChange> first;
  bool later = false;
  for (const PresenceChange& change : churn->Changes(80, SimTime{}, SimTime{minutes(60)}))
    if (Index(change.node) < 40)
      first.push_back(change);
    else
      later = true;
  EXPECT_EQ(first, alone);
  EXPECT_TRUE(later) << "they come and go too";
}

TEST(Diurnal, RefusesSharesAndPeriodsThatAreNone) {
  EXPECT_EQ(MakeDiurnal(DayOf(minutes(60), 0.8, 0.2, 4)).error().key, "churn.min");
  EXPECT_EQ(MakeDiurnal(DayOf(Duration(1), 0.2, 0.8, 4)).error().key, "churn.period");
  EXPECT_EQ(MakeDiurnal(DayOf(Duration::max(), 0.2, 0.8, 4)).error().key, "churn.period");
}

}  // namespace
}  // namespace delstep
