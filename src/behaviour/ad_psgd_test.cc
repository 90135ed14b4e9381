#include "behaviour/ad_psgd.h"

#include <gmock/gmock.h>

#include "tests/fakes/behaviour_world.h"

namespace delstep {
namespace {

using fakes::BehaviourWorld;
using fakes::NormalModels;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

std::unique_ptr<Behaviour> Make(std::optional<Duration> timeout = {}) {
  BehaviourOptions options;
  options.timeout = timeout;
  return MakeAdPsgd(options).value();
}

TEST(AdPsgd, BothBecomeTheMeanOfTheSameTwoModels) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {0, 6}, {.latency = 1s, .has_data = false});
  world.ConnectAll();
  world.Turn(0);
  world.RunAll();
  EXPECT_THAT(world.models(), ElementsAre(3, 3));
  EXPECT_EQ(world.models_sent(), 2u);
}

TEST(AdPsgd, KeepsTheSumOfAllModelsWhateverOverlaps) {
  // Six active and six passive nodes, exchanges of up to 40 s, turns every second: many nodes ask
  // the same one at once, turns fall into exchanges, and no exchange may see another's half.
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, NormalModels(12),
                       {.latency = 100ms, .latency_jitter = 20s, .has_data = false});
  world.ConnectAll();
  const double mean = world.Mean(), before = world.Spread();
  world.GiveTurns(1s, 2000);
  world.RunAll();
  EXPECT_NEAR(world.Mean(), mean, 1e-13);
  EXPECT_LT(world.Spread(), 1e-9 * before);
  EXPECT_GT(world.merges(0), 50u);
}

TEST(AdPsgd, TrainingsAddToTheSumWhatTheyAdd) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, NormalModels(8),
                       {.latency = 300ms, .training = 1500ms, .step = 1});
  world.ConnectAll();
  const double sum = 8 * world.Mean();
  world.GiveTurns(1s, 300);
  world.RunAll();
  double trained = 0;
  for (std::size_t i = 0; i < 8; ++i) trained += static_cast<double>(world.trained(i));
  EXPECT_NEAR(8 * world.Mean(), sum + trained, 1e-9);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(world.InboxSize(i), 0u);
}

TEST(AdPsgd, NothingIsExchangedWithAPartnerThatTrainsBeforeItIsDone) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {0, 8, 4}, {.training = 10s});
  world.Connect(0, 1);
  world.Connect(2, 1);
  world.Plan(0s, [&] { world.Turn(0); });
  world.Plan(1s, [&] { world.Turn(2); });
  world.Plan(5s, [&] { world.Turn(1); });  // trains until 15 s
  world.RunFor(14s);
  EXPECT_TRUE(world.busy(1));
  EXPECT_THAT(world.models(), ElementsAre(0, 8, 4));
  EXPECT_EQ(world.InboxSize(1), 2u);
  world.RunFor(1s);
  // First in, first out: node 0 with 8 gives 4; node 2 with 4 then gives 4. The other order gives 6
  // for node 2 and 3 for node 0.
  EXPECT_THAT(world.models(), ElementsAre(4, 4, 4));
}

TEST(AdPsgd, WhileItWaitsAnActiveNodeNeitherTrainsNorAsks) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {0, 6}, {.latency = 20s, .training = 1s, .step = 1});
  world.ConnectAll();
  for (const Duration at : {0s, 10s, 20s, 30s}) world.Plan(at, [&] { world.Turn(0); });
  world.RunFor(40s);
  EXPECT_EQ(world.trained(0), 1u);
  EXPECT_EQ(world.models_sent(), 2u);
  world.RunFor(1s);  // the answer is here, and one of the turns that fell due is taken
  EXPECT_EQ(world.model(0), 3.5);
  EXPECT_TRUE(world.busy(0));
  world.RunAll();
  EXPECT_EQ(world.trained(0), 2u);
}

TEST(AdPsgd, WithoutAnAnswerTheTimeoutEndsTheExchangeAndTheLateAnswerIsDiscarded) {
  const auto behaviour = Make(5s);
  BehaviourWorld world(*behaviour, {0, 6}, {.latency = 3s, .has_data = false});
  world.ConnectAll();
  world.Turn(0);
  world.RunFor(4s);
  EXPECT_EQ(world.model(1), 3);
  world.RunAll();
  EXPECT_EQ(world.model(0), 0) << "the answer came after 6 s";
  EXPECT_EQ(world.InboxSize(0), 0u);
  world.Turn(0);
  EXPECT_EQ(world.models_sent(), 3u) << "it begins another exchange";
}

TEST(AdPsgd, APartnerThatGoesEndsTheExchange) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {0, 6, 0, 2}, {.latency = 3s, .has_data = false});
  world.Connect(0, 1);
  world.Turn(0);
  world.SetUp(1, false);
  world.RunAll();
  world.Connect(0, 3);
  world.Turn(0);
  world.RunAll();
  EXPECT_THAT(world.models(), ElementsAre(1, 6, 0, 1));
}

TEST(AdPsgd, OnlyNodesOfTheOtherKindExchange) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {0, 1, 2, 3}, {.training = 1s});
  world.Connect(0, 2);
  world.Connect(1, 3);
  world.GiveTurns(10s, 10);
  world.RunAll();
  EXPECT_EQ(world.models_sent(), 0u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(world.trained(i), 10u);
}

}  // namespace
}  // namespace delstep
