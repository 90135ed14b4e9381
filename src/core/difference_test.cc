#include "core/difference.h"

#include <cmath>

#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

std::vector<std::string> Addresses(const std::vector<NodeDifference>& nodes) {
  std::vector<std::string> addresses;
  for (const NodeDifference& node : nodes) addresses.push_back(node.node.address);
  return addresses;
}

TEST_F(SimulationWithTests, AMomentDoesNotDifferFromItself) {
  const Snapshot moment = *sim().TakeSnapshot();
  const Difference difference = sim().Compare(moment, moment);
  EXPECT_THAT(difference.nodes, IsEmpty());
  EXPECT_THAT(difference.traffic, IsEmpty());
  EXPECT_THAT(difference.met, IsEmpty());
  EXPECT_THAT(difference.own_options, IsEmpty());
  EXPECT_EQ(difference.scope, std::nullopt);
}

// A node with 15 examples to train on that has trained k times has the numbers (k, 15 k, k / 2), so
// one training moves it by the square root of 1 + 15^2 + 1/4 = 226.25.
TEST_F(SimulationWithTests, ModelsDifferByTheirEuclideanDistance) {
  const Snapshot before = *sim().TakeSnapshot();
  Train({kB});
  const Snapshot after = *sim().TakeSnapshot();
  const Difference difference = sim().Compare(before, after);
  ASSERT_THAT(Addresses(difference.nodes), ElementsAre("10.0.0.2"));
  EXPECT_DOUBLE_EQ(*difference.nodes[0].distance, std::sqrt(226.25));
}

// The loss and the accuracy of the fake model follow from its numbers; here it counts which are
// shown.
TEST_F(SimulationWithTests, AccuraciesAreThoseOfTheLastScopeInBoth) {
  Test(kA);
  const Snapshot before = *sim().TakeSnapshot();
  Train({kA});
  Test(kB, EvaluationScope::Kind::kLocal);
  const Snapshot after = *sim().TakeSnapshot();
  const Difference difference = sim().Compare(before, after);
  ASSERT_TRUE(difference.scope);
  EXPECT_EQ(difference.scope->kind, EvaluationScope::Kind::kLocal);
  ASSERT_THAT(Addresses(difference.nodes), ElementsAre("10.0.0.1", "10.0.0.2"));
  EXPECT_EQ(difference.nodes[0].accuracy[0], std::nullopt);
  EXPECT_EQ(difference.nodes[0].accuracy[1], std::nullopt);
  EXPECT_EQ(difference.nodes[1].distance, 0.0);
  EXPECT_EQ(difference.nodes[1].accuracy[0], std::nullopt);
  EXPECT_TRUE(difference.nodes[1].accuracy[1]);
}

// Tests of a model that is gone say nothing of the one that is there.
TEST_F(SimulationWithTests, TestsOfOlderModelsAreMarkedAndMakeNoDifference) {
  const Snapshot start = *sim().TakeSnapshot();
  Test(kA);
  Train({kA});
  const Snapshot before = *sim().TakeSnapshot();
  Difference difference = sim().Compare(start, before);
  ASSERT_THAT(Addresses(difference.nodes), ElementsAre("10.0.0.1"));
  EXPECT_EQ(difference.nodes[0].older, (std::array{false, true}));
  ASSERT_TRUE(sim().Restore(start));
  Train({kA});
  difference = sim().Compare(before, *sim().TakeSnapshot());
  EXPECT_THAT(difference.nodes, IsEmpty()) << "the same model, and no test of it";
}

// a sends to b twice, of which one message is lost; and to c once, before both moments.
TEST_F(SimulationWithTests, TrafficAndMeetingsAreCountedByLink) {
  ASSERT_TRUE(sim().Send(kA, kC));
  ASSERT_TRUE(sim().NetworkStep());
  const Snapshot before = *sim().TakeSnapshot();
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep());
  ASSERT_TRUE(sim().SetUp(kB, false));
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep());
  const Snapshot after = *sim().TakeSnapshot();
  const Difference difference = sim().Compare(before, after);
  ASSERT_EQ(difference.traffic.size(), 1u);
  EXPECT_EQ(difference.traffic[0].from.address, "10.0.0.1");
  EXPECT_EQ(difference.traffic[0].to.address, "10.0.0.2");
  EXPECT_EQ(difference.traffic[0].sent, (std::array<std::uint64_t, 2>{0, 2}));
  EXPECT_EQ(difference.traffic[0].lost, (std::array<std::uint64_t, 2>{0, 1}));
  ASSERT_EQ(difference.met.size(), 1u);
  EXPECT_EQ(difference.met[0].node.address, "10.0.0.2");
  EXPECT_EQ(difference.met[0].peer.address, "10.0.0.1");
  EXPECT_EQ(difference.met[0].met, (std::array<bool, 2>{false, true}));
}

// Both new nodes have number 4, on one branch and on the other.
TEST_F(SimulationWithTests, NodesAreMatchedByAddressNotByNumber) {
  const Snapshot start = *sim().TakeSnapshot();
  const auto add = [&](std::uint32_t octet) {
    EXPECT_TRUE(sim().AddNode({.address = Address{(10u << 24) + octet}, .name = {}, .like = kA}));
    return *sim().TakeSnapshot();
  };
  const Snapshot one = add(20);
  ASSERT_TRUE(sim().Restore(start));
  const Snapshot other = add(30);
  const Difference difference = sim().Compare(one, other);
  ASSERT_THAT(Addresses(difference.nodes), ElementsAre("10.0.0.20", "10.0.0.30"));
  EXPECT_EQ(difference.nodes[0].distance, std::nullopt);
  EXPECT_EQ(difference.nodes[0].present, (std::array<bool, 2>{true, false}));
  EXPECT_EQ(difference.nodes[1].present, (std::array<bool, 2>{false, true}));
}

std::vector<std::string> Keys(const Difference& difference) {
  std::vector<std::string> keys;
  for (const ValueDifference& value : difference.values)
    keys.push_back(value.node.address.empty() ? value.key : value.node.address + " " + value.key);
  return keys;
}

TEST_F(SimulationWithTests, LinksDifferByDefaultAndSingly) {
  const Snapshot before = *sim().TakeSnapshot();
  ASSERT_TRUE(sim().SetDefaultLoss(0.5));
  LinkChange change;
  change.loss = 0.25;
  ASSERT_TRUE(sim().ChangeLink(kA, kB, change));
  change.loss = 0.5;
  ASSERT_TRUE(sim().ChangeLink(kA, kC, change));  // as by default now: no row
  const Difference difference = sim().Compare(before, *sim().TakeSnapshot());
  ASSERT_EQ(difference.links.size(), 3u);  // the last one is the way back
  EXPECT_EQ(difference.links[0].from.address, "");
  EXPECT_EQ(difference.links[0].links[1].loss, 0.5);
  EXPECT_EQ(difference.links[1].from.address, "10.0.0.1");
  EXPECT_EQ(difference.links[1].to.address, "10.0.0.2");
  EXPECT_EQ(difference.links[1].links[0].loss, 0);
  EXPECT_EQ(difference.links[1].links[1].loss, 0.25);
}

// Three neighbours: a flood of a is three messages in its outbox, and a step brings each receiver
// one.
TEST_F(SimulationWithTests, StatesOfNodesAndGroupsDiffer) {
  const Snapshot before = *sim().TakeSnapshot();
  sim().SetAutonet(true);
  ASSERT_TRUE(sim().SetUp(kD, false));
  ASSERT_TRUE(sim().Send(kA, kB));
  const Snapshot queued = *sim().TakeSnapshot();
  const Difference difference = sim().Compare(before, queued);
  EXPECT_THAT(Keys(difference), ElementsAre("autonet", "10.0.0.1 outbox", "10.0.0.4 up"));
  EXPECT_EQ(difference.values[1].values[1], ValueDifference::Value(std::uint64_t{1}));
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_THAT(Keys(sim().Compare(queued, *sim().TakeSnapshot())),
              ElementsAre("10.0.0.1 outbox", "10.0.0.2 inbox"));
}

TEST_F(SimulationWithTests, OwnValuesOfTrainingKeysDiffer) {
  const Snapshot before = *sim().TakeSnapshot();
  Scenario changed = sim().scenario();
  changed.training.lr = 0.25;
  const std::vector<NodeId> one = {kC};
  ASSERT_TRUE(sim().Reconfigure(changed, "training.lr", "0.25", one));
  const Snapshot after = *sim().TakeSnapshot();
  const Difference difference = sim().Compare(before, after);
  ASSERT_EQ(difference.own_options.size(), 1u);
  EXPECT_EQ(difference.own_options[0].node.address, "10.0.0.3");
  EXPECT_EQ(difference.own_options[0].key, "training.lr");
  EXPECT_EQ(difference.own_options[0].values[0], std::nullopt);
  EXPECT_EQ(difference.own_options[0].values[1], 0.25);
}

}  // namespace
}  // namespace delstep
