#include "core/world/world.h"

#include <gtest/gtest.h>

#include "core/acts/aggregate.h"
#include "core/acts/learning.h"
#include "core/acts/network_step.h"
#include "core/acts/queue_messages.h"
#include "core/setup.h"
#include "core/world/world_hash.h"
#include "tests/fakes/fake_parts.h"

namespace delstep {
namespace {

TEST(World, ACopyLivesOnByItselfMessagesOnTheWayIncluded) {
  fakes::FakeRun fake;
  auto begun = Begin(fakes::FakeRun::DefaultScenario(), fake.registry);
  ASSERT_TRUE(begun);
  delstep::Run& run = **begun;
  const std::vector<NodeId> all = run.world.Present();
  ASSERT_TRUE(Train(run, all, {}));
  ASSERT_TRUE(Flood(run, all, WhenAlone::kRefuse));
  ASSERT_TRUE(NetworkStep(run, std::chrono::milliseconds(1)));

  ASSERT_TRUE(run.world.network.Keep());
  const World saved = run.world;
  const std::uint64_t then = HashWorld(saved);
  const std::size_t rows = run.engine.model_rows->live();

  const auto go_on = [&] {
    EXPECT_TRUE(NetworkStep(run, std::nullopt));
    EXPECT_TRUE(Aggregate(run, all));
    EXPECT_TRUE(Train(run, all, {}));
    return HashWorld(run.world);
  };
  const std::uint64_t later = go_on();
  EXPECT_NE(later, then);
  EXPECT_EQ(HashWorld(saved), then) << "what happened since does not reach the copy";

  run.world = saved;
  EXPECT_EQ(HashWorld(run.world), then);
  EXPECT_EQ(run.engine.model_rows->live(), rows) << "a copy shares rows";
  EXPECT_EQ(go_on(), later) << "and going on from it gives the same again";
}

TEST(World, TheRingOfLatenciesKeepsTheLast) {
  LatencyRecord record;
  for (std::size_t i = 0; i < LatencyRecord::kCapacity + 3; ++i)
    record.Note(Duration(static_cast<std::int64_t>(i)));
  const std::vector<std::int64_t> values = record.Values();
  EXPECT_EQ(values.size(), LatencyRecord::kCapacity);
  EXPECT_EQ(values[2], static_cast<std::int64_t>(LatencyRecord::kCapacity) + 2);
  EXPECT_EQ(values[3], 3);
}

}  // namespace
}  // namespace delstep
