#include "behaviour/epidemic.h"

#include <gmock/gmock.h>

#include <cmath>

#include "behaviour/rounds.h"
#include "tests/fakes/behaviour_world.h"

namespace delstep {
namespace {

using fakes::BehaviourWorld;
using fakes::Estimate;
using fakes::NormalModels;
using namespace std::chrono_literals;

constexpr double kSigmas = 4;

std::unique_ptr<Behaviour> Make(std::size_t peers, bool oracle,
                                std::optional<Duration> timeout = {}) {
  BehaviourOptions options;
  options.peers = peers;
  options.timeout = timeout;
  options.oracle = oracle;
  return MakeEpidemic(options).value();
}

void Round(BehaviourWorld& world) {
  for (std::size_t i = 0; i < world.size(); ++i) world.Turn(i);
  world.RunAll();
}
std::uint64_t RoundOf(BehaviourWorld& world, std::size_t node) {
  return world.See(node, [](Host& host) { return Rounds::RoundOf(host); });
}

struct Setting {
  std::size_t nodes, peers;
  double oracle, local;  // LIVING.md 5.4
  int rounds;
};
class EpidemicSettings : public testing::TestWithParam<Setting> {};
INSTANTIATE_TEST_SUITE_P(
    All, EpidemicSettings,
    testing::Values(Setting{96, 7, .1158, .1322, 16}, Setting{20, 2, .2982, .3933, 200},
                    Setting{12, 2, .2727, .3641, 300}, Setting{16, 1, .4667, .6018, 250}),
    [](const auto& setting) { return std::to_string(setting.param.nodes) + "nodes"; });

TEST_P(EpidemicSettings, WithTheOracleARoundLeavesWhatTheFormulaSaysAndTheMean) {
  const auto [nodes, peers, expected, unused, rounds] = GetParam();
  const auto behaviour = Make(peers, true);
  const std::vector<double> models = NormalModels(nodes);
  BehaviourWorld world(*behaviour, models, {.has_data = false});
  world.ConnectAll();
  const double before = world.Spread(), mean = world.Mean();
  Estimate left;
  for (int round = 1; round <= 2 * rounds; ++round) {
    world.SetModels(models);
    Round(world);
    ASSERT_NEAR(world.Mean(), mean, 1e-13);
    ASSERT_EQ(world.models_sent(), static_cast<std::uint64_t>(round) * nodes * peers);
    left.Add(world.Spread() / before);
  }
  EXPECT_EQ(world.headers_sent(), 0u);
  EXPECT_NEAR(left.mean(), expected, kSigmas * left.error() + 5e-5);
  EXPECT_LT(left.error(), 0.07 * expected);
}

TEST_P(EpidemicSettings, WithoutItARoundLeavesMore) {
  const auto [nodes, peers, unused, expected, rounds] = GetParam();
  const auto behaviour = Make(peers, false);
  const std::vector<double> models = NormalModels(nodes);
  BehaviourWorld world(*behaviour, models, {.has_data = false});
  world.ConnectAll();
  const double before = world.Spread(), mean = world.Mean();
  Estimate left;
  for (int round = 1; round <= rounds; ++round) {
    world.SetModels(models);
    Round(world);
    ASSERT_EQ(world.models_sent(), static_cast<std::uint64_t>(round) * nodes * peers);
    ASSERT_EQ(world.models_sent() + world.headers_sent(),
              static_cast<std::uint64_t>(round) * nodes * (nodes - 1));
    left.Add(world.Spread(mean) / before);  // about the old mean: this one drifts
  }
  EXPECT_NEAR(left.mean(), expected, kSigmas * left.error() + 5e-5);
  EXPECT_LT(left.error(), 0.07 * expected);
}

TEST(Epidemic, WithMorePeersThanThereAreAllBecomeTheMeanAtOnce) {
  for (const bool oracle : {true, false}) {
    const auto behaviour = Make(100, oracle);
    BehaviourWorld world(*behaviour, {0, 3, 9}, {.has_data = false});
    world.ConnectAll();
    Round(world);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_DOUBLE_EQ(world.model(i), 4);
  }
}

TEST(Epidemic, WhoReceivesNothingIsDoneWithTheRoundToo) {
  for (const bool oracle : {true, false}) {
    const auto behaviour = Make(1, oracle);
    BehaviourWorld world(*behaviour, NormalModels(8), {.latency = 50ms, .training = 2s});
    world.ConnectAll();
    world.GiveTurns(10s, 40);
    world.RunAll();
    for (std::size_t i = 0; i < 8; ++i) {
      EXPECT_EQ(RoundOf(world, i), 41u);
      EXPECT_EQ(world.InboxSize(i), 0u);
    }
  }
}

TEST(Epidemic, AloneANodeTrainsRoundByRound) {
  for (const bool oracle : {true, false}) {
    const auto behaviour = Make(3, oracle);
    BehaviourWorld world(*behaviour, {1}, {.step = 1});
    world.GiveTurns(10s, 7);
    world.RunAll();
    EXPECT_EQ(world.model(0), 8);
  }
}

TEST(Epidemic, WithTheOracleWhoWasAwayFindsTheRoundOfTheOthers) {
  // With one peer each, nobody waits for the node that came back, and few tell it anything.
  const auto behaviour = Make(1, true);
  BehaviourWorld world(*behaviour, NormalModels(9), {.latency = 100ms, .training = 1s});
  world.ConnectAll();
  world.GiveTurns(10s, 300);
  for (std::size_t i = 0; i < 9; ++i) {
    world.Plan(Duration(33s) * (i + 1), [&world, i] { world.SetUp(i, false); });
    world.Plan(Duration(33s) * (i + 1) + 137s, [&world, i] { world.SetUp(i, true); });
  }
  world.RunAll();
  // A round each turn; the last one may be under way.
  for (std::size_t i = 0; i < 9; ++i) EXPECT_GE(RoundOf(world, i), 300u) << "node " << i;
}

TEST(Epidemic, ATimeoutOpensTheRoundsThatLossWouldStop) {
  for (const bool oracle : {true, false}) {
    const auto behaviour = Make(2, oracle, 3s);
    BehaviourWorld world(*behaviour, NormalModels(10),
                         {.latency = 100ms, .loss = 0.3, .training = 1s});
    world.ConnectAll();
    const double before = world.Spread();
    world.GiveTurns(10s, 100);
    world.RunAll();
    for (std::size_t i = 0; i < 10; ++i) EXPECT_GE(RoundOf(world, i), 101u);
    EXPECT_LT(world.Spread(), 1e-6 * before);
  }
}

}  // namespace
}  // namespace delstep
