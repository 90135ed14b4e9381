#include "behaviour/push_sum.h"

#include <gmock/gmock.h>

#include "tests/fakes/behaviour_world.h"

namespace delstep {
namespace {

using fakes::BehaviourWorld;
using fakes::NormalModels;
using namespace std::chrono_literals;
using ::testing::DoubleNear;
using ::testing::Each;

std::unique_ptr<Behaviour> Make(std::size_t peers = 1) {
  BehaviourOptions options;
  options.peers = peers;
  return MakePushSum(options).value();
}

double Weight(BehaviourWorld& world, std::size_t node) { return world.See(node, PushSumWeight); }

/// Sum of w and of w z, with what is on its way.
std::pair<double, double> Mass(BehaviourWorld& world) {
  auto [weight, sum] = world.Waiting();
  for (std::size_t i = 0; i < world.size(); ++i) {
    weight += Weight(world, i);
    sum += Weight(world, i) * world.model(i);
  }
  return {weight, sum};
}

TEST(PushSum, SharesWeightAndModelEqually) {
  const auto behaviour = Make(2);
  BehaviourWorld world(*behaviour, {9, 0, 3}, {.has_data = false});
  world.ConnectAll();
  world.Turn(0);
  world.RunAll();
  // Node 0 keeps (3, 1/3) of (9, 1); node 1 has (0, 1) + (3, 1/3), node 2 (3, 1) + (3, 1/3).
  EXPECT_DOUBLE_EQ(Weight(world, 0), 1.0 / 3);
  EXPECT_DOUBLE_EQ(world.model(0), 9);
  EXPECT_DOUBLE_EQ(world.model(1), 3 / (4.0 / 3));
  EXPECT_DOUBLE_EQ(world.model(2), 6 / (4.0 / 3));
}

TEST(PushSum, ConservesWeightAndNumeratorAndFindsTheMean) {
  // LIVING.md 5.6: without loss the sum of w is N and the sum of x stays, at any time.
  const auto behaviour = Make(2);
  BehaviourWorld world(*behaviour, NormalModels(15),
                       {.latency = 1s, .latency_jitter = 30s, .training = 4s});
  world.ConnectRing();
  world.Connect(0, 7);
  const double mean = world.Mean();
  world.GiveTurns(10s, 400);
  for (int second = 0; second < 4000; ++second) {
    world.RunFor(1s);
    const auto [weight, sum] = Mass(world);
    ASSERT_NEAR(weight, 15, 1e-11);
    ASSERT_NEAR(sum, 15 * mean, 1e-11);
  }
  world.RunAll();
  EXPECT_THAT(world.models(), Each(DoubleNear(mean, 1e-5)));
}

TEST(PushSum, ALostMessageTakesItsWeightAndAllStaysInTheConvexHull) {
  const auto behaviour = Make();
  const std::vector<double> models = NormalModels(10);
  BehaviourWorld world(*behaviour, models, {.loss = 0.2, .has_data = false});
  world.ConnectAll();
  const auto [low, high] = std::ranges::minmax(models);
  double last = 10;
  for (int round = 0; round < 60; ++round) {
    for (std::size_t i = 0; i < 10; ++i) world.Turn(i);
    world.RunAll();
    const double weight = Mass(world).first;
    ASSERT_LE(weight, last);
    last = weight;
    for (std::size_t i = 0; i < 10; ++i) {
      ASSERT_GT(Weight(world, i), 0);
      ASSERT_GE(world.model(i), low - 1e-12);
      ASSERT_LE(world.model(i), high + 1e-12);
    }
  }
  EXPECT_LT(last, 10 * 0.1);  // 600 messages, a fifth lost with about half of a weight each
  EXPECT_LT(world.Spread(), 1e-3);
}

TEST(PushSum, AGradientIsAppliedToTheNumerator) {
  // A training adds 1 to x, so 1 / w to z: the sum of w z grows by 1 with each training.
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, NormalModels(6), {.latency = 1s, .training = 1s, .step = 1});
  world.ConnectAll();
  const double sum = Mass(world).second;
  world.GiveTurns(10s, 50);
  world.RunAll();
  EXPECT_EQ(world.trained(3), 50u);
  EXPECT_NEAR(Mass(world).second, sum + 6 * 50, 1e-9);
}

TEST(PushSum, WhoOnlySendsKeepsAWeight) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {1, 2}, {.loss = 1, .step = 1});
  world.ConnectAll();
  world.GiveTurns(10s, 3000);
  world.RunAll();
  EXPECT_GE(Weight(world, 0), 1e-12);
  EXPECT_TRUE(std::isfinite(world.model(0)));
}

TEST(PushSum, DiscardsWeightsThatAreNone) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {1, 2}, {.has_data = false});
  for (const double weight : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()})
    world.Deliver(1, 0, {.weight = weight});
  EXPECT_EQ(world.InboxSize(0), 0u);
  EXPECT_EQ(world.model(0), 1);
}

}  // namespace
}  // namespace delstep
