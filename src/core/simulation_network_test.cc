#include <map>

#include "tests/fakes/chi_square.h"
#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

TEST_F(SimulationTest, DrainStopsTheClockAtTheLastArrival) {
  ASSERT_TRUE(sim().Flood(kAll));
  EXPECT_EQ(sim().queued(), 12u);
  auto report = sim().NetworkStep();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->sent, 12u);
  EXPECT_EQ(report->delivered, 12u);
  EXPECT_EQ(sim().now().time_since_epoch(), milliseconds(10));
  EXPECT_EQ(sim().Stats().bytes, 12u * 76);
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_EQ(sim().now().time_since_epoch(), milliseconds(10)) << "nothing to wait for";
}

TEST_F(SimulationTest, ATimedStepAdvancesExactlyThatMuch) {
  ASSERT_TRUE(sim().Send(kA, kB));
  auto report = sim().NetworkStep(milliseconds(4));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->in_flight, 1u);
  EXPECT_EQ(sim().now().time_since_epoch(), milliseconds(4));
  ASSERT_TRUE(sim().NetworkStep(milliseconds(6)));
  EXPECT_EQ(sim().View(kB).inbox, 1u) << "an arrival at the deadline counts";
}

TEST_F(SimulationTest, AStepOfOneNodeSendsItsMessagesOnlyAndLeavesOtherArrivalsWaiting) {
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().Send(kC, kD));
  ASSERT_TRUE(sim().Send(kA, kD));
  const std::vector<NodeId> a = {kA}, b = {kB};
  auto report = sim().NetworkStep(a);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->sent, 2u);
  EXPECT_EQ(report->delivered, 0u);
  EXPECT_EQ(report->waiting, 2u);
  EXPECT_EQ(sim().queued(), 1u);
  EXPECT_EQ(sim().View(kB).inbox, 0u);
  ASSERT_TRUE(sim().NetworkStep(b));
  EXPECT_EQ(sim().View(kB).inbox, 1u);
  EXPECT_EQ(sim().View(kD).waiting, 1u);
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_EQ(sim().View(kD).inbox, 2u);
  const Statistics stats = sim().Stats();
  EXPECT_EQ(stats.sent, 3u);
  EXPECT_EQ(stats.sent, stats.delivered + stats.lost + stats.in_flight);
}

TEST_F(SimulationTest, AStepOfOneNodeWaitsForWhatIsOnItsWayToIt) {
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep(milliseconds(1)));
  const std::vector<NodeId> b = {kB};
  ASSERT_TRUE(sim().NetworkStep(b));
  EXPECT_EQ(sim().View(kB).inbox, 1u);
  EXPECT_EQ(sim().now().time_since_epoch(), milliseconds(10));
}

TEST_F(SimulationTest, SendingToNoNeighbourNamesBothAndQueuesNothing) {
  Scenario scenario = FakeRun::DefaultScenario();
  scenario.topology.name = "line";
  Start(scenario);
  const auto report = sim().Exchange(kA, kC);
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("10.0.0.3 is no neighbour of 10.0.0.1"));
  EXPECT_EQ(sim().queued(), 0u);
}

TEST_F(SimulationTest, GroupShareExchangesEveryPairOnceAndCountsTheSkipped) {
  Scenario scenario = FakeRun::DefaultScenario();
  scenario.topology.name = "line";
  Start(scenario);
  sim().CreateGroup("g");
  sim().AddToGroup("g", std::vector<NodeId>{kC, kA, kB});
  auto report = sim().Share("g");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->queued, 4u) << "A-B and B-C, both ways";
  EXPECT_EQ(report->skipped_pairs, 1u) << "A-C";
}

/// Gossip's receivers, in the order in which they were drawn.
using Draw = std::vector<NodeId>;

/// Six nodes, so that each has five neighbours: few enough for many draws of every pair of them.
class GossipTest : public SimulationTest {
 protected:
  GossipTest() {
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.nodes.count = 6;
    scenario.partition.samples_per_node = 10;
    Start(scenario);
  }
  /// How often each draw came, of `draws` of K = `peers` by each of the nodes.
  std::map<Draw, std::size_t> CountDraws(std::size_t peers, std::vector<NodeId> nodes, int draws) {
    std::map<Draw, std::size_t> counts;
    for (int i = 0; i < draws; ++i) {
      events_.clear();
      EXPECT_TRUE(sim().Gossip(peers, nodes));
      std::map<NodeId, Draw> drawn;
      for (const Queued& queued : EventsOf<Queued>())
        drawn[queued.message.from].push_back(queued.message.to);
      for (const auto& [from, draw] : drawn) ++counts[draw];
    }
    return counts;
  }
  /// All `cells` draws occur, about equally often.
  static void ExpectUniform(const std::map<Draw, std::size_t>& counts, std::size_t cells) {
    ASSERT_EQ(counts.size(), cells);
    std::vector<std::size_t> observed;
    for (const auto& [draw, count] : counts) observed.push_back(count);
    EXPECT_LT(ChiSquareOfUniform(observed), ChiSquareCriticalValue(cells - 1));
  }
};

TEST_F(GossipTest, DrawsEveryNeighbourEquallyOften) {
  // 5 neighbours, 400 expected draws of each.
  ExpectUniform(CountDraws(1, {kC}, 2000), 5);
}

TEST_F(GossipTest, DrawsEveryOrderedPairOfDistinctNeighboursEquallyOften) {
  // Uniform without repetition: the first is any of 5 neighbours, the second any of the other 4. So
  // there are 20 ordered pairs, 100 expected draws of each, and no pair of a node with itself.
  const auto counts = CountDraws(2, {kC}, 2000);
  for (const auto& [draw, count] : counts) {
    ASSERT_EQ(draw.size(), 2u);
    EXPECT_NE(draw[0], draw[1]);
    EXPECT_THAT(draw, testing::Not(testing::Contains(kC)));
  }
  ExpectUniform(counts, 20);
}

TEST_F(GossipTest, DrawsOfTwoNodesAreIndependent) {
  // A and B know each other and C, D, E, F. Both draw one peer; the 4 * 4 pairs of draws among the
  // common neighbours are equally likely, 2000 / 25 = 80 expected of each.
  std::map<Draw, std::size_t> counts;
  for (int i = 0; i < 2000; ++i) {
    events_.clear();
    ASSERT_TRUE(sim().Gossip(1, std::vector<NodeId>{kA, kB}));
    const auto queued = EventsOf<Queued>();
    ASSERT_EQ(queued.size(), 2u);
    const Draw draw = {queued[0].message.to, queued[1].message.to};
    if (draw[0] != kB && draw[1] != kA) ++counts[draw];
  }
  ExpectUniform(counts, 16);
}

TEST_F(SimulationTest, GossipSendsToAllWhereThereAreFewerAndSaysWhere) {
  const std::vector<NodeId> a = {kA};
  auto report = sim().Gossip(9, a);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->queued, 3u);
  EXPECT_THAT(report->few, ElementsAre(kA));
}

TEST_F(SimulationTest, ANodeThatGoesDownLosesItsMessagesOnTheWayBothWays) {
  ASSERT_TRUE(sim().Exchange(kA, kB));
  ASSERT_TRUE(sim().Send(kC, kD));
  ASSERT_TRUE(sim().NetworkStep(milliseconds(1)));
  auto lost = sim().SetUp(kB, false);
  ASSERT_TRUE(lost);
  EXPECT_EQ(*lost, 2u);
  EXPECT_EQ(EventsOf<Lost>()[0].reason, LossReason::kDown);
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep());
  const Statistics stats = sim().Stats();
  EXPECT_EQ(stats.lost, 3u) << "one more at arrival";
  EXPECT_EQ(stats.delivered, 1u);
}

TEST_F(SimulationTest, TheOutboxOfANodeThatIsDownWaits) {
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().SetUp(kA, false));
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_EQ(sim().queued(), 1u);
  ASSERT_TRUE(sim().SetUp(kA, true));
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_EQ(sim().View(kB).inbox, 1u);
}

TEST_F(SimulationTest, ARemovedNodeLeavesNothingBehindButItsRecordsAtOthers) {
  sim().CreateGroup("g");
  sim().AddToGroup("g", kAll);
  Train({kA});
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep());
  Aggregate({kB});
  ASSERT_TRUE(sim().Send(kA, kC));  // queued by A
  ASSERT_TRUE(sim().Send(kC, kA));  // queued for A
  auto report = sim().RemoveNode(kA);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->lost, 1u);
  EXPECT_THAT(report->groups, ElementsAre("g"));
  EXPECT_FALSE(sim().Find("10.0.0.1"));
  EXPECT_THAT(sim().View(kB).neighbours, ElementsAre(kC, kD));
  EXPECT_EQ(sim().Encounters(kB)[0].address, "10.0.0.1");
  ASSERT_TRUE(sim().NetworkStep());
  const Statistics stats = sim().Stats();
  EXPECT_EQ(stats.sent, 3u);
  EXPECT_EQ(stats.lost, 2u) << "both as detached";
  EXPECT_EQ(stats.sent, stats.delivered + stats.lost + stats.in_flight);
  Aggregate({kB});
}

TEST_F(SimulationTest, WhatWaitsForANodeIsLostWithIt) {
  ASSERT_TRUE(sim().Send(kA, kD));
  // Only A sends and receives in this step, so its message waits for a step of D.
  ASSERT_TRUE(sim().NetworkStep({{kA}}));
  ASSERT_EQ(sim().Stats().delivered, 0u);
  const auto report = sim().RemoveNode(kD);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->lost, 1u);
  EXPECT_EQ(sim().Stats().lost, 1u);
}

TEST_F(SimulationTest, AddressesAreNeverReused) {
  ASSERT_TRUE(sim().RemoveNode(kD));
  auto added = sim().AddNode({});
  ASSERT_TRUE(added) << added.error().message;
  EXPECT_EQ(sim().AddressOf(*added), "10.0.0.5");
  EXPECT_FALSE(sim().AddNode({ParseAddress("10.0.0.4"), {}, {}}));
}

TEST_F(SimulationTest, ANodeThatJoinsGetsFreshDataUntilNothingIsLeft) {
  auto added = sim().AddNode({{}, "eve", {}});  // 100 - 4 * 20 = 20 are left
  ASSERT_TRUE(added);
  EXPECT_EQ(sim().Find("eve"), added.value());
  EXPECT_EQ(sim().View(*added).train_samples, 20u);
  EXPECT_EQ(sim().View(*added).neighbours.size(), 4u) << "the topology is full";
  EXPECT_EQ(sim().View(kA).neighbours.size(), 4u);
  const auto another = sim().AddNode({});
  ASSERT_FALSE(another);
  EXPECT_EQ(another.error().code, ErrorCode::kRefused);
  EXPECT_THAT(another.error().message, HasSubstr("nothing is left to deal"));
  auto twin = sim().AddNode({{}, {}, kA});
  ASSERT_TRUE(twin);
  EXPECT_EQ(sim().View(*twin).train_samples, 20u);
}

TEST_F(SimulationTest, LinkUpMakesALinkAndOneWayMakesHalfOfIt) {
  Scenario scenario = FakeRun::DefaultScenario();
  scenario.topology.name = "none";
  Start(scenario);
  LinkChange change;
  change.loss = 0.5;
  EXPECT_FALSE(sim().ChangeLink(kA, kB, change)) << "no neighbours, and no `up`";
  change.up = true;
  change.one_way = true;
  auto report = sim().ChangeLink(kA, kB, change);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->made);
  EXPECT_TRUE(sim().AreNeighbours(kA, kB));
  EXPECT_FALSE(sim().AreNeighbours(kB, kA));
  ASSERT_TRUE(sim().SetDefaultLoss(0));
  EXPECT_EQ(sim().Links()[0].link.loss, 0) << "link P replaces single settings";
}

TEST_F(SimulationTest, ALinkThatIsDownLosesWhatIsOnItsWayAndWhatIsSent) {
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep(milliseconds(1)));
  LinkChange change;
  change.up = false;
  ASSERT_TRUE(sim().ChangeLink(kA, kB, change));
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep());
  const auto lost = EventsOf<Lost>();
  ASSERT_EQ(lost.size(), 2u);
  EXPECT_EQ(lost[0].reason, LossReason::kUnreachable);
  EXPECT_EQ(lost[1].reason, LossReason::kUnreachable);
}

TEST_F(SimulationTest, AMessageThatTimeCannotHoldIsLostAndBlocksNobody) {
  LinkChange slow;
  slow.bandwidth = 1;
  slow.latency = Latency{Latency::Kind::kConstant, Duration::max() - std::chrono::hours(1), {}};
  ASSERT_TRUE(sim().ChangeLink(kA, kB, slow));
  ASSERT_TRUE(sim().NetworkStep(std::chrono::hours(2)));
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().Send(kC, kD));
  auto report = sim().NetworkStep();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->lost, 1u);
  EXPECT_EQ(report->delivered, 1u);
  EXPECT_EQ(EventsOf<Lost>()[0].reason, LossReason::kExpired);
  EXPECT_EQ(sim().View(kA).outbox, 0u);
}

TEST_F(SimulationTest, ANodeLikeAnotherHasTheSameNeighboursBothWays) {
  Scenario scenario = FakeRun::DefaultScenario();
  scenario.topology.name = "none";
  Start(scenario);
  LinkChange out;
  out.up = true;
  out.one_way = true;
  ASSERT_TRUE(sim().ChangeLink(kA, kB, out));
  ASSERT_TRUE(sim().ChangeLink(kC, kA, out));
  auto twin = sim().AddNode({{}, {}, kA});
  ASSERT_TRUE(twin);
  EXPECT_TRUE(sim().AreNeighbours(*twin, kB));
  EXPECT_FALSE(sim().AreNeighbours(kB, *twin)) << "B does not send to A either";
  EXPECT_TRUE(sim().AreNeighbours(kC, *twin));
  EXPECT_EQ(sim().Topology().edges.size(), 4u) << "A-B, A-C, twin-B, twin-C";
}

}  // namespace
}  // namespace delstep
