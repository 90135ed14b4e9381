// Moments that one comes back to: what they cost, and that going on from them gives the same again.
#include <gtest/gtest.h>

#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

class SnapshotTest : public SimulationWithTests {
 protected:
  Snapshot Take() {
    auto taken = sim().TakeSnapshot();
    EXPECT_TRUE(taken);
    return *taken;
  }
  void Back(const Snapshot& moment) { ASSERT_TRUE(sim().Restore(moment)); }
  void Round() {
    Train(kAll);
    ASSERT_TRUE(sim().Gossip(1, kAll));
    ASSERT_TRUE(sim().NetworkStep(milliseconds(5)));
    Aggregate(kAll);
  }
  void Set(std::string_view key, const Scenario& changed, std::string_view value) {
    ASSERT_TRUE(sim().Reconfigure(changed, key, value));
  }
};

TEST_F(SnapshotTest, GoingOnFromAMomentGivesTheSameAgain) {
  Round();
  const Snapshot moment = Take();
  const std::uint64_t then = sim().WorldHash();
  EXPECT_EQ(moment.hash(), then);
  Round();
  Round();
  const std::uint64_t later = sim().WorldHash();
  EXPECT_NE(later, then);
  EXPECT_EQ(moment.hash(), then) << "a moment never changes";
  for (int again = 0; again < 2; ++again) {
    Back(moment);
    EXPECT_EQ(sim().WorldHash(), then);
    EXPECT_EQ(sim().now(), moment.now());
    Round();
    Round();
    EXPECT_EQ(sim().WorldHash(), later);
  }
  EXPECT_EQ(EventsOf<Restored>().size(), 2u);
}

TEST_F(SnapshotTest, BringsBackLinksGroupsNodesAndWhatIsOnItsWay) {
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep(milliseconds(0)));
  ASSERT_EQ(sim().in_flight(), 1u);
  const Snapshot moment = Take();
  ASSERT_TRUE(sim().RemoveNode(kB));
  sim().CreateGroup("g");
  LinkChange change;
  change.loss = 1;
  ASSERT_TRUE(sim().ChangeLink(kA, kC, change));
  sim().SetAutonet(true);
  sim().NextCycle();
  Back(moment);
  EXPECT_EQ(sim().Nodes(), kAll);
  EXPECT_EQ(sim().in_flight(), 1u);
  EXPECT_THAT(sim().Groups(), IsEmpty());
  EXPECT_FALSE(sim().autonet());
  EXPECT_EQ(sim().cycle(), 0u);
  for (const LinkView& link : sim().Links()) EXPECT_FALSE(link.single);
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_EQ(sim().View(kB).inbox, 1u) << "the message on the way arrives";
}

TEST_F(SnapshotTest, SettingsAreAsTheyWereTheLayoutOfOptimizersIncluded) {
  Train(kAll);
  const Snapshot sgd = Take();
  Scenario changed = sim().scenario();
  changed.training.momentum = 0.5;  // the fake learner keeps three numbers more
  changed.training.lr = 0.25;
  Set("training.momentum", changed, "0.5");
  const Snapshot with_momentum = Take();
  EXPECT_NE(sgd.hash(), with_momentum.hash());
  Train({kA});
  const std::uint64_t later = sim().WorldHash();
  Back(sgd);
  EXPECT_EQ(sim().scenario().training.lr, 0.5);
  EXPECT_EQ(sim().WorldHash(), sgd.hash());
  Train({kA});  // with rows of the layout that they had then
  EXPECT_EQ(Number(kA), 2);
  Back(with_momentum);
  EXPECT_EQ(sim().scenario().training.momentum, 0.5);
  Train({kA});
  EXPECT_EQ(sim().WorldHash(), later);
}

TEST_F(SnapshotTest, TestsOfOneMomentAreNeverTakenForThoseOfAnother) {
  const Snapshot start = Take();
  Train({kA});
  EXPECT_EQ(Number(kA), 1);
  Back(start);
  // Other contents in the memory of the row that has gone.
  Train({kA});
  Train({kA});
  EXPECT_EQ(Number(kA), 2);
  Back(start);
  EXPECT_EQ(Number(kA), 0);
}

TEST_F(SnapshotTest, CostsWhatHasChangedSince) {
  Round();
  const Snapshot first = Take();
  const Bytes rows = sim().row_bytes();
  std::vector<Snapshot> kept;
  for (int i = 0; i < 100; ++i) kept.push_back(Take());
  EXPECT_EQ(sim().row_bytes(), rows) << "models are shared";
  for (const Snapshot& moment : kept)
    EXPECT_LT(moment.own_bytes(), 2000u) << "handles, and the fixed part of a world";
  Train({kA});
  const Snapshot trained = Take();
  // A model and a state more: rows of whole cache lines.
  EXPECT_GT(sim().row_bytes(), rows);
  const Bytes after_one = sim().row_bytes();
  Train({kB});
  const Snapshot both = Take();
  EXPECT_EQ(sim().row_bytes() - after_one, after_one - rows);
}

TEST(SnapshotBytes, AMomentWithoutChangeTakesLessThan100BytesPerNode) {
  FakeRun fake;
  Scenario scenario = FakeRun::DefaultScenario();
  scenario.nodes.count = 100;
  scenario.partition.name = "all-to-first";
  scenario.partition.samples_per_node.reset();
  auto created = Simulation::Create(scenario, fake.registry);
  ASSERT_TRUE(created) << created.error().message;
  Simulation& sim = **created;
  ASSERT_TRUE(sim.Flood(sim.Nodes()));
  ASSERT_TRUE(sim.NetworkStep());
  ASSERT_TRUE(sim.TakeSnapshot());
  const auto second = sim.TakeSnapshot();
  ASSERT_TRUE(second);
  EXPECT_LT(second->own_bytes(), 100u * 100);
}

TEST_F(SnapshotTest, ARestoreThatFailsChangesNothing) {
  const Snapshot before = Take();
  Scenario changed = sim().scenario();
  changed.training.lr = 0.25;
  Set("training.lr", changed, "0.25");
  const std::uint64_t now = sim().WorldHash();
  // The parts of the earlier settings cannot be made any more.
  fake_.registry.learners = Registry().learners;
  EXPECT_FALSE(sim().Restore(before));
  EXPECT_EQ(sim().WorldHash(), now);
  EXPECT_EQ(sim().scenario().training.lr, 0.25);
  EXPECT_THAT(EventsOf<Restored>(), IsEmpty());
}

}  // namespace
}  // namespace delstep
