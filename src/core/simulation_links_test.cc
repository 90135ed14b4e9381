// Links in bulk, links that a topology brings, and what each carried.
#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

using testing::Each;
using testing::Field;
using testing::SizeIs;

std::vector<std::pair<NodeId, NodeId>> EndsOf(const std::vector<LinkView>& links) {
  std::vector<std::pair<NodeId, NodeId>> ends;
  for (const LinkView& link : links) ends.emplace_back(link.from, link.to);
  return ends;
}

const LinkChange kLossy = {.loss = 0.5, .latency = {}, .bandwidth = {}, .up = {}};

TEST_F(SimulationTest, LinksOfANodeAreThoseThatBeginAndThoseThatEndThere) {
  EXPECT_THAT(EndsOf(sim().LinksOf(kB)),
              ElementsAre(std::pair(kB, kA), std::pair(kB, kC), std::pair(kB, kD),
                          std::pair(kA, kB), std::pair(kC, kB), std::pair(kD, kB)));
  const std::vector<NodeId> pair = {kD, kA};
  EXPECT_THAT(EndsOf(sim().LinksAmong(pair)), ElementsAre(std::pair(kA, kD), std::pair(kD, kA)));
}

TEST_F(SimulationTest, ManyLinksChangeAtOnceWithAnEventForEach) {
  const std::vector<NodeId> three = {kA, kB, kC};
  auto report = sim().ChangeLinks(sim().LinksAmong(three), kLossy);
  ASSERT_TRUE(report);
  // Three pairs, in two directions each.
  EXPECT_THAT(report->links, SizeIs(6));
  EXPECT_THAT(EventsOf<LinkChanged>(), SizeIs(6));
  EXPECT_FALSE(report->made);
  for (const LinkView& link : sim().Links()) {
    const bool among = link.from != kD && link.to != kD;
    EXPECT_EQ(link.link.loss, among ? 0.5 : 0);
    EXPECT_EQ(link.single, among);
    EXPECT_EQ(link.link.latency.a, milliseconds(10)) << "what is not named stays";
  }
}

TEST_F(SimulationTest, ResetLinksFollowTheDefaultAgain) {
  ASSERT_TRUE(sim().ChangeLinks(sim().LinksOf(kA),
                                {.loss = {}, .latency = {}, .bandwidth = {}, .up = false}));
  events_.clear();
  auto report = sim().ResetLinks(sim().Links());
  ASSERT_TRUE(report);
  EXPECT_THAT(report->links, SizeIs(6)) << "only those with settings of their own";
  EXPECT_THAT(EventsOf<LinkChanged>(), SizeIs(6));
  EXPECT_THAT(sim().Links(), Each(Field(&LinkView::single, false)));
  // They follow: the loss of all is 1 now, also that of the network.
  ASSERT_TRUE(sim().SetDefaultLoss(1));
  ASSERT_TRUE(sim().Flood(kAll));
  EXPECT_EQ(sim().NetworkStep()->lost, 12u);
  EXPECT_THAT(sim().ResetLinks(sim().Links())->links, IsEmpty());
}

TEST_F(SimulationTest, ALinkThatGoesDownInBulkEndsItsMessages) {
  ASSERT_TRUE(sim().Flood(kAll));
  ASSERT_TRUE(sim().NetworkStep(milliseconds(1)));
  const std::vector<NodeId> pair = {kA, kB};
  ASSERT_TRUE(sim().ChangeLinks(sim().LinksAmong(pair),
                                {.loss = {}, .latency = {}, .bandwidth = {}, .up = false}));
  EXPECT_EQ(sim().Stats().lost, 2u);
}

TEST_F(SimulationTest, FloodAndGossipWithoutAnyNeighbourAreRefusedOrReportedAsAsked) {
  Scenario scenario = FakeRun::DefaultScenario();
  scenario.nodes.count = 1;
  Start(scenario);
  const std::vector<NodeId> a = {kA};
  EXPECT_EQ(sim().Flood(a).error().code, ErrorCode::kRefused);
  EXPECT_EQ(sim().Gossip(2, a).error().code, ErrorCode::kRefused);
  for (const auto& report :
       {sim().Flood(a, WhenAlone::kAccept), sim().Gossip(2, a, WhenAlone::kAccept)}) {
    ASSERT_TRUE(report);
    EXPECT_EQ(report->queued, 0u);
    EXPECT_THAT(report->alone, ElementsAre(kA));
  }
  EXPECT_TRUE(sim().NetworkStep());
}

// ---- What links carried.

TEST_F(SimulationTest, ALinkCountsWhatItCarriedAndWhatWaits) {
  ASSERT_TRUE(sim().ChangeLink(kA, kC, {.loss = 1, .latency = {}, .bandwidth = {}, .up = {}}));
  const std::vector<NodeId> a = {kA};
  ASSERT_TRUE(sim().Flood(a));
  ASSERT_TRUE(sim().NetworkStep());
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep(milliseconds(1)));
  ASSERT_TRUE(sim().Send(kA, kB));
  const auto links = sim().LinkTraffic();
  ASSERT_THAT(links, SizeIs(3)) << "links that nobody used are not there";
  const LinkTrafficView &ab = links[0], &ac = links[1], &ad = links[2];
  EXPECT_EQ(std::pair(ab.from, ab.to), std::pair(kA, kB));
  EXPECT_EQ(ab.counts.sent, 2u);
  EXPECT_EQ(ab.counts.delivered, 1u);
  EXPECT_EQ(ab.counts.bytes, 2u * 76);
  EXPECT_EQ(ab.in_flight, 1u);
  EXPECT_EQ(ab.queued, 1u);
  EXPECT_DOUBLE_EQ(ab.counts.latency_p50, 0.01) << "equal latencies are exact";
  EXPECT_DOUBLE_EQ(ab.counts.latency_max, 0.01);
  EXPECT_EQ(ac.counts.lost, 1u);
  EXPECT_EQ(ac.counts.lost_by[static_cast<std::size_t>(LossReason::kLoss)].second, 1u);
  EXPECT_EQ(ac.counts.delivered, 0u);
  EXPECT_EQ(ad.counts.delivered, 1u);
}

TEST_F(SimulationTest, TrafficOfNodesAndLinksAddsUpToThatOfTheRun) {
  ASSERT_TRUE(sim().SetDefaultLoss(0.3));
  for (int round = 0; round < 20; ++round) {
    ASSERT_TRUE(sim().Flood(kAll));
    ASSERT_TRUE(sim().NetworkStep());
  }
  ASSERT_TRUE(sim().Flood(kAll));
  const Statistics all = sim().Stats();
  std::uint64_t sent = 0, delivered = 0, lost = 0, bytes = 0, queued = 0;
  for (const LinkTrafficView& link : sim().LinkTraffic()) {
    sent += link.counts.sent;
    delivered += link.counts.delivered;
    lost += link.counts.lost;
    bytes += link.counts.bytes;
    queued += link.queued;
  }
  EXPECT_EQ(sent, all.sent);
  EXPECT_EQ(delivered, all.delivered);
  EXPECT_EQ(lost, all.lost);
  EXPECT_EQ(bytes, all.bytes);
  EXPECT_EQ(queued, all.queued);
  std::uint64_t out = 0, in = 0, in_bytes = 0;
  for (const NodeTrafficView& node : sim().NodeTraffic(kAll)) {
    out += node.out.delivered;
    in += node.in.delivered;
    in_bytes += node.in.bytes;
    EXPECT_EQ(node.queued, 3u);
  }
  EXPECT_EQ(out, delivered);
  EXPECT_EQ(in, delivered);
  EXPECT_EQ(in_bytes, bytes / sent * delivered) << "all messages are of one size";
}

TEST_F(SimulationTest, PercentilesOfLatenciesAreWithinSixPercent) {
  const Latency uniform{
      .kind = Latency::Kind::kUniform, .a = milliseconds(10), .b = milliseconds(50)};
  ASSERT_TRUE(
      sim().ChangeLink(kA, kB, {.loss = {}, .latency = uniform, .bandwidth = {}, .up = {}}));
  for (int i = 0; i < 2000; ++i) ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep());
  const LinkCounts counts = sim().LinkTraffic().front().counts;
  const Statistics exact = sim().Stats();
  EXPECT_NEAR(counts.latency_p50, exact.latency.p50, 0.07 * exact.latency.p50);
  EXPECT_NEAR(counts.latency_p90, exact.latency.p90, 0.07 * exact.latency.p90);
  EXPECT_DOUBLE_EQ(counts.latency_max, exact.latency.max);
  // Uniform from 10 to 50 ms: 30 on average; the error of 2,000 draws is 11.5 / sqrt(2000) = 0.26.
  EXPECT_NEAR(counts.latency_mean, 0.030, 5 * 0.26e-3);
}

// ---- Links that a topology brings.

Graph PathOfThree() {
  Graph graph;
  graph.nodes = 3;
  graph.edges = {{0, 1, 2.5}, {1, 2, 1}};
  graph.links = {
      {.from = 0, .to = 1, .loss = 1, .latency = {}, .bandwidth = {}},
      {.from = 2, .to = 1, .loss = {}, .latency = Latency{.a = milliseconds(30)}, .bandwidth = {}}};
  graph.notes = {"three nodes"};
  return graph;
}

class BroughtTopologyTest : public SimulationTest {
 protected:
  BroughtTopologyTest() {
    fake_.registry.topologies.Add("path", "three nodes", [](const Scenario&, const Mobility&) {
      return Result<Graph>(PathOfThree());
    });
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.nodes.count_given = false;
    scenario.topology.name = "path";
    Start(scenario);
  }
};

TEST_F(BroughtTopologyTest, DecidesHowManyNodesThereAreWhereNobodySaid) {
  EXPECT_THAT(sim().Nodes(), SizeIs(3));
  EXPECT_EQ(sim().scenario().nodes.count, 3u);
  EXPECT_THAT(sim().Notes(), ElementsAre("three nodes"));
}

TEST_F(BroughtTopologyTest, GivesLinksTheirProperties) {
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().Send(kB, kA));
  ASSERT_TRUE(sim().Send(kC, kB));
  auto report = sim().NetworkStep();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->lost, 1u) << "from the first to the second alone";
  EXPECT_EQ(report->after.time_since_epoch(), milliseconds(30));
}

TEST_F(BroughtTopologyTest, IsWrittenWithWhatDiffersFromTheDefault) {
  const Graph graph = sim().Topology(), made = PathOfThree();
  EXPECT_EQ(graph.edges, made.edges) << "weights included";
  EXPECT_EQ(graph.links, made.links);
  ASSERT_TRUE(sim().SetDefaultLoss(1));
  // Of the first direction nothing differs any more; the latency of the other still does.
  EXPECT_THAT(sim().Topology().links, SizeIs(1));
}

TEST_F(SimulationTest, AGroupThatIsDeletedIsGoneAndItsMembersStay) {
  sim().CreateGroup("g");
  sim().CreateGroup("h");
  const std::vector<NodeId> two = {kA, kB};
  sim().AddToGroup("g", two);
  EXPECT_EQ(sim().DeleteGroup("g"), 2u);
  EXPECT_FALSE(sim().Group("g"));
  EXPECT_TRUE(sim().Group("h"));
  EXPECT_THAT(EventsOf<GroupDeleted>(), SizeIs(1));
  EXPECT_THAT(sim().View(kA).groups, IsEmpty());
}

}  // namespace
}  // namespace delstep
