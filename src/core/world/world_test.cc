#include "core/world/world.h"

#include <gtest/gtest.h>

#include <chrono>

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

// Eight classes to a power of two: from 512 to 1,023 ns they are 64 ns wide, the last one, from 960 on,
// is the 8 * 6 + 15th, as 960 = 15 * 2^6. Those below 16 ns are single numbers.
TEST(LatencyCounts, TellTheirClassesWhetherOneOccursOrSeveral) {
  using namespace std::chrono_literals;
  using Classes = LatencyCounts::Classes;
  LatencyCounts counts;
  EXPECT_EQ(counts.classes(), Classes());
  counts.Note(1000ns);
  counts.Note(960ns);
  EXPECT_EQ(counts.classes(), (Classes{{63, 2}}));
  LatencyCounts several = counts;
  several.Note(9ns);
  several.Note(1023ns);
  EXPECT_EQ(several.classes(), (Classes{{9, 1}, {63, 3}}));
  EXPECT_EQ(several.min(), 9ns);
  EXPECT_DOUBLE_EQ(several.Percentile(0.25), 9e-9);

  const auto sum = [](LatencyCounts first, const LatencyCounts& second) {
    first.Add(second);
    return first.classes();
  };
  LatencyCounts other;
  other.Note(10ns);
  EXPECT_EQ(sum({}, counts), (Classes{{63, 2}}));
  EXPECT_EQ(sum({}, several), (Classes{{9, 1}, {63, 3}}));
  EXPECT_EQ(sum(counts, {}), (Classes{{63, 2}}));
  EXPECT_EQ(sum(counts, counts), (Classes{{63, 4}}));
  EXPECT_EQ(sum(counts, other), (Classes{{10, 1}, {63, 2}}));
  EXPECT_EQ(sum(counts, several), (Classes{{9, 1}, {63, 5}}));
  EXPECT_EQ(sum(several, counts), (Classes{{9, 1}, {63, 5}}));
}

}  // namespace
}  // namespace delstep
