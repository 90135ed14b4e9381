#include <gtest/gtest.h>

#include <cmath>

#include "churn/churns.h"
#include "delstep/churn.h"

namespace delstep {
namespace {

using Kind = Distribution::Kind;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::unique_ptr<Churn> Make(Distribution on, Distribution off, std::uint64_t seed = 7) {
  Scenario scenario;
  scenario.seed = seed;
  scenario.churn.on = std::move(on);
  scenario.churn.off = std::move(off);
  return MakeSessions(scenario).value();
}
SimTime At(Duration since) { return SimTime{since}; }
/// The stays of one kind that have ended, in seconds.
std::vector<double> Stays(const Churn& churn, std::size_t nodes, Duration until, bool online) {
  std::vector<SimTime> begins(nodes);
  std::vector<double> stays;
  for (const PresenceChange& change : churn.Changes(nodes, {}, At(until))) {
    SimTime& begin = begins[Index(change.node)];
    if (change.present != online) stays.push_back(Seconds(change.at - begin));
    begin = change.at;
  }
  return stays;
}

TEST(Sessions, ConstantStaysAlternateToTheNanosecond) {
  const auto churn = Make({.a = 2}, {.a = 3});
  for (std::uint32_t n = 0; n < 20; ++n) {
    const NodeId node{n};
    // Whichever it begins with, five seconds later it is at the same point.
    const bool online = churn->IsOnline(node, {});
    const Duration first = seconds(online ? 2 : 3);
    for (int turn = 0; turn < 3; ++turn) {
      const SimTime begin = At(seconds(5) * turn);
      EXPECT_EQ(churn->IsOnline(node, begin), online);
      EXPECT_EQ(churn->IsOnline(node, begin + first - Duration(1)), online);
      EXPECT_EQ(churn->IsOnline(node, begin + first), !online) << "a change counts at its time";
    }
  }
}

TEST(Sessions, BeginsOnlineWithTheStationaryProbability) {
  // 1 h on, 3 h off: p = 1/4. Of 10,000 nodes sqrt(10,000 * 3/16) = 43 are one sigma.
  const auto churn =
      Make({.kind = Kind::kExponential, .a = 3600}, {.kind = Kind::kExponential, .a = 3 * 3600.0});
  int online = 0;
  for (std::uint32_t node = 0; node < 10'000; ++node) online += churn->IsOnline(NodeId{node}, {});
  EXPECT_NEAR(online, 2500, 4 * 43.3);
}

TEST(Sessions, AreOnlineForOnOverOnPlusOffInTheLongRun) {
  // Exponential stays keep the stationary share p = 2/3 at all times. A node-hour sample 8 h apart
  // is as good as independent: exp(-8 h (1/2 h + 1/1 h)) = 6e-6. 2,000 nodes at 5 moments: sigma of
  // the share is sqrt(2/9 / 10,000) = 0.0047.
  const auto churn =
      Make({.kind = Kind::kExponential, .a = 7200}, {.kind = Kind::kExponential, .a = 3600});
  int online = 0;
  for (std::uint32_t node = 0; node < 2000; ++node)
    for (int k = 1; k <= 5; ++k) online += churn->IsOnline(NodeId{node}, At(hours(8) * k));
  EXPECT_NEAR(online / 1e4, 2.0 / 3, 4 * 0.0047);
}

TEST(Sessions, WeibullStaysHaveTheirMean) {
  // Shape 1/2: the mean is that of the stays, not of those that are under way at some moment. Its
  // standard deviation is sqrt(5) means: Gamma(5) / Gamma(3)^2 - 1 = 24/4 - 1 = 5. Constant times
  // offline make the number of stays of a node in the window nearly free of their length, and a
  // window of 2,000 means makes the rest, stays that are cut off at its end, less than a percent.
  const auto churn = Make({.kind = Kind::kWeibull, .a = 0.5, .b = 10}, {.a = 1});
  const auto stays = Stays(*churn, 20, seconds(20'000), true);
  double sum = 0;
  for (const double stay : stays) sum += stay;
  const double mean = sum / static_cast<double>(stays.size());
  EXPECT_GT(stays.size(), 30'000u);
  EXPECT_NEAR(mean, 10, 0.1 + 4 * 10 * std::sqrt(5 / static_cast<double>(stays.size())));
}

TEST(Sessions, ANodesPlanDependsOnItsNumberAndTheSeedAlone) {
  const Distribution stay{.kind = Kind::kExponential, .a = 60};
  const auto all = Make(stay, stay), one = Make(stay, stay), other = Make(stay, stay, 8);
  std::vector<PresenceChange> expected;
  for (const PresenceChange& change : all->Changes(10, {}, At(hours(2))))
    if (change.node == NodeId{9}) expected.push_back(change);
  EXPECT_GT(expected.size(), 50u);
  EXPECT_TRUE(one->IsOnline(NodeId{9}, At(hours(2))) == expected.back().present)
      << "the last first";
  std::vector<PresenceChange> alone;
  for (const PresenceChange& change : one->Changes(10, {}, At(hours(2))))
    if (change.node == NodeId{9}) alone.push_back(change);
  EXPECT_EQ(alone, expected);
  EXPECT_NE(other->Changes(10, {}, At(hours(2))), all->Changes(10, {}, At(hours(2))));
}

TEST(Sessions, NoStayIsShorterThanAMillisecond) {
  // With a shape of 1/100 nearly all draws are 0.
  const auto churn = Make({.kind = Kind::kWeibull, .a = 0.01, .b = 60}, {.a = 1e-9});
  const auto changes = churn->Changes(1, {}, At(seconds(1)));
  EXPECT_GT(changes.size(), 0u);
  EXPECT_LE(changes.size(), 1000u);
}

TEST(Sessions, AStayBeyondTheEndOfTheClockIsForEver) {
  const auto churn = Make({.a = 1e300}, {.a = 1});
  EXPECT_TRUE(churn->IsOnline(NodeId{0}, SimTime::max()));
  EXPECT_LE(churn->Changes(1, {}, SimTime::max()).size(), 1u);
}

TEST(Sessions, StaysOfNoLengthAreRefused) {
  Scenario scenario;
  scenario.churn.off = {.a = 0};
  const auto made = MakeSessions(scenario);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kUsage);
  EXPECT_EQ(made.error().key, "churn.off");
}

}  // namespace
}  // namespace delstep
