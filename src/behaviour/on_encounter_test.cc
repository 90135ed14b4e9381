#include "behaviour/on_encounter.h"

#include <gmock/gmock.h>

#include "tests/fakes/behaviour_world.h"

namespace delstep {
namespace {

using fakes::BehaviourWorld;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

std::unique_ptr<Behaviour> Make(Duration min_gap = {}) {
  BehaviourOptions options;
  options.min_gap = min_gap;
  return MakeOnEncounter(options).value();
}

TEST(OnEncounter, WhoMeetsExchangesModels) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {0, 6}, {.latency = 1s});
  world.Meet(0, 1);
  world.RunAll();
  EXPECT_THAT(world.models(), ElementsAre(3, 3));
}

TEST(OnEncounter, NotAgainWithTheSamePeerBeforeTheGapIsOver) {
  const auto behaviour = Make(60s);
  BehaviourWorld world(*behaviour, {0, 6, 6}, {});
  const auto meet = [&](Duration at, std::size_t peer) {
    world.Plan(at, [&world, peer] { world.Meet(0, peer); });
    world.Plan(at + 1s, [&world, peer] { world.Part(0, peer); });
  };
  meet(0s, 1);
  meet(30s, 1);
  meet(40s, 2);  // the gap is that of a pair
  meet(60s - 1ns, 1);
  world.RunFor(60s - 1ns);
  EXPECT_EQ(world.models_sent(), 4u);
  meet(1ns, 1);  // at 60 s
  world.RunFor(10s);
  EXPECT_EQ(world.models_sent(), 6u);
}

TEST(OnEncounter, AContactThatIsTooShortLosesTheModel) {
  // LIVING.md 5.8: 400,064 bytes at 1 Mbit/s take 3.2005 s. A contact of 3 s loses the model.
  const auto behaviour = Make();
  for (const auto& [contact, merges] : {std::pair{3s, 0u}, {4s, 1u}}) {
    BehaviourWorld world(*behaviour, {0, 6}, {.latency = 3200512us});
    world.Meet(0, 1);
    world.Plan(contact, [&] { world.Part(0, 1); });
    world.RunAll();
    EXPECT_EQ(world.merges(0), merges);
    EXPECT_EQ(world.merges(1), merges);
  }
}

TEST(OnEncounter, WhatComesWhileItTrainsIsAggregatedAfterwardsAllAtOnce) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {0, 3, 6}, {.training = 10s, .step = 3});
  world.Turn(0);
  world.Meet(0, 1);
  world.Meet(0, 2);
  world.RunFor(5s);
  EXPECT_EQ(world.merges(0), 0u);
  world.RunAll();
  EXPECT_EQ(world.merges(0), 1u);
  EXPECT_EQ(world.model(0), (3.0 + 3 + 6) / 3);
}

TEST(OnEncounter, TrainsOnItsTurns) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {0}, {.training = 1s});
  world.GiveTurns(10s, 5);
  world.RunAll();
  EXPECT_EQ(world.trained(0), 5u);
}

}  // namespace
}  // namespace delstep
