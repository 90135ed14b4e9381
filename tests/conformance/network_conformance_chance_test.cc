// Chance: what links draw, and what the draws depend on. Seeds are fixed, so the bounds hold or
// fail for good.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "tests/conformance/network_conformance.h"

namespace delstep {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Each;
using testing::Ge;
using testing::Gt;
using testing::Lt;

constexpr int kMessages = 10'000;

std::size_t CountLost(const Passage& passage) {
  return static_cast<std::size_t>(
      std::ranges::count_if(passage, [](const Outcome& o) { return o.lost == LossReason::kLoss; }));
}

/// The share `p` among kMessages draws lies within three standard deviations of its mean.
void ExpectShare(double p, std::size_t count) {
  EXPECT_NEAR(static_cast<double>(count), kMessages * p, 3 * std::sqrt(kMessages * p * (1 - p)));
}

/// The latencies in ms of kMessages messages.
std::vector<double> DrawnLatencies(NetworkDriver driver) {
  for (std::uint64_t id = 0; id < kMessages; ++id) driver.Send(id, 0, 1);
  std::vector<double> latencies;
  for (const Outcome& outcome : driver.Drain())
    latencies.push_back(Seconds(outcome.at - outcome.sent) * 1e3);
  return latencies;
}

LinkProperties WithLatency(Latency::Kind kind, Duration a, Duration b = {}) {
  return {.latency = {kind, a, b}};
}

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::size_t CountBelow(double bound, const std::vector<double>& values) {
  return static_cast<std::size_t>(
      std::ranges::count_if(values, [&](double value) { return value < bound; }));
}

/// What became of the k-th message on a link: lost, or its latency.
using Fates = std::vector<std::optional<Duration>>;

Fates FatesOn(std::uint32_t from, std::uint32_t to, Passage passage) {
  std::ranges::sort(passage, {}, [](const Outcome& o) { return o.message.id; });
  Fates fates;
  for (const Outcome& o : passage)
    if (o.message.from == NodeId{from} && o.message.to == NodeId{to})
      fates.push_back(o.lost ? std::nullopt : std::optional(o.at - o.sent));
  return fates;
}

const LinkProperties kFickle = {.loss = 0.5, .latency = {Latency::Kind::kUniform, 1ms, 9ms}};

Fates FatesAlone(NetworkDriver driver, std::uint32_t from, std::uint32_t to) {
  for (std::uint64_t id = 0; id < 100; ++id) driver.Send(id, from, to);
  return FatesOn(from, to, driver.Drain());
}

TEST_P(NetworkConformance, TheShareOfLostMessagesIsTheLossProbability) {
  DELSTEP_APPLIES_ONLY_IF(!GetParam().sends_again);
  for (const double p : {0.01, 0.3, 0.9}) {
    SCOPED_TRACE(p);
    auto one_link = Make(2, {.loss = p});
    for (std::uint64_t id = 0; id < kMessages; ++id) one_link.Send(id, 0, 1);
    ExpectShare(p, CountLost(one_link.Drain()));

    auto many_links = Make(101, {.loss = p});
    for (std::uint64_t id = 0; id < kMessages; ++id)
      many_links.Send(id, static_cast<std::uint32_t>(id % 100), 100);
    ExpectShare(p, CountLost(many_links.Drain()));
  }
}

TEST_P(NetworkConformance, NoMessageIsLostAtLossZeroAndEveryOneAtLossOne) {
  auto driver = Make(3, {.loss = 0});
  driver.SetLink(0, 2, {.loss = 1});
  for (std::uint64_t id = 0; id < 500; ++id)
    driver.Send(id, 0, 1 + static_cast<std::uint32_t>(id % 2));
  for (const Outcome& outcome : driver.Drain())
    EXPECT_EQ(outcome.lost.has_value(), outcome.message.to == NodeId{2});
}

TEST_P(NetworkConformance, UniformLatencyLiesInItsIntervalAroundItsMiddle) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  const auto ms = DrawnLatencies(Make(2, WithLatency(Latency::Kind::kUniform, 10ms, 50ms)));
  EXPECT_THAT(ms, Each(AllOf(Ge(10), Lt(50))));
  EXPECT_NEAR(Mean(ms), 30, 3 * 40 / std::sqrt(12.0 * kMessages));
  ExpectShare(0.25, CountBelow(20, ms));
}

TEST_P(NetworkConformance, UniformLatencyExcludesItsUpperEnd) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  // Two values are left, 5 ns and 6 ns.
  const auto ms = DrawnLatencies(Make(2, WithLatency(Latency::Kind::kUniform, 5ns, 7ns)));
  EXPECT_THAT(ms, Each(AllOf(Gt(4.5e-6), Lt(6.5e-6))));
  ExpectShare(0.5, CountBelow(5.5e-6, ms));
}

TEST_P(NetworkConformance, NormalLatencyHasItsMeanAndDeviation) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto ms = DrawnLatencies(Make(2, WithLatency(Latency::Kind::kNormal, 20ms, 5ms)));
  EXPECT_NEAR(Mean(ms), 20, 3 * 5 / std::sqrt(kMessages));
  for (double& x : ms) x = (x - 20) * (x - 20);  // mean 25, deviation 25 * sqrt(2)
  EXPECT_NEAR(Mean(ms), 25, 3 * 25 * std::sqrt(2.0 / kMessages));
}

TEST_P(NetworkConformance, NormalLatencyIsCutAtZero) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  const auto ms = DrawnLatencies(Make(2, WithLatency(Latency::Kind::kNormal, 1ms, 10ms)));
  EXPECT_THAT(ms, Each(Ge(0)));
  // P(N <= 0) with mean 1 and deviation 10 is Phi(-0.1).
  ExpectShare(0.460172, CountBelow(1e-7, ms));
}

TEST_P(NetworkConformance, ExponentialLatencyHasItsMeanAndTail) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  const auto ms = DrawnLatencies(Make(2, WithLatency(Latency::Kind::kExponential, 20ms)));
  EXPECT_NEAR(Mean(ms), 20, 3 * 20 / std::sqrt(kMessages));
  ExpectShare(1 - std::exp(-1), CountBelow(20, ms));
}

TEST_P(NetworkConformance, TheFateOfAMessageDependsOnItsNumberOnTheLinkOnly) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  const Fates alone = FatesAlone(Make(3, kFickle), 0, 1);
  ASSERT_EQ(alone.size(), 100u);

  // The same hundred among other traffic, changes elsewhere, and pauses.
  auto driver = Make(3, kFickle);
  Passage passage;
  std::uint64_t id = 0;
  for (int k = 0; k < 100; ++k) {
    driver.Send(id++, 1, 0);
    driver.Send(id++, 2, 1);
    driver.Send(id++, 0, 1);
    if (k == 30) driver.Attach(3);
    if (k == 50) driver.SetLink(2, 1, {});
    if (k == 60) driver.SetUp(2, false);
    if (k % 7 == 0)
      for (const Outcome& o : driver.AdvanceTo(driver.now() + 3ms)) passage.push_back(o);
  }
  for (const Outcome& o : driver.Drain()) passage.push_back(o);
  EXPECT_EQ(FatesOn(0, 1, passage), alone);
}

TEST_P(NetworkConformance, SeedsAndLinksAndDirectionsHaveFatesOfTheirOwn) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  const Fates fates = FatesAlone(Make(3, kFickle, 1), 0, 1);
  EXPECT_EQ(FatesAlone(Make(9, kFickle, 1), 0, 1), fates);
  EXPECT_NE(FatesAlone(Make(3, kFickle, 2), 0, 1), fates);
  EXPECT_NE(FatesAlone(Make(3, kFickle, 1), 1, 0), fates);
  EXPECT_NE(FatesAlone(Make(3, kFickle, 1), 0, 2), fates);
}

}  // namespace
}  // namespace delstep
