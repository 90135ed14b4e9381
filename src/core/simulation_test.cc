#include "delstep/simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/fake_parts.h"

// Messages of the fake model weigh 64 + 4 * 3 = 76 bytes. A node has 20 examples, so a node that
// has trained k times has the numbers (k, 20 k, k / 2).
namespace delstep {
namespace {

using fakes::FakeRun;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr NodeId kA{0}, kB{1}, kC{2}, kD{3};
const std::vector<NodeId> kAll = {kA, kB, kC, kD};

class SimulationTest : public testing::Test {
 protected:
  SimulationTest() { Start(FakeRun::DefaultScenario()); }
  void Start(const Scenario& scenario) {
    auto created = Simulation::Create(scenario, fake_.registry);
    ASSERT_TRUE(created) << created.error().message;
    simulation_ = *std::move(created);
    events_.clear();
    simulation_->Observe([this](const Event& event) { events_.push_back(event); });
  }
  Simulation& sim() { return *simulation_; }

  /// The first number of the fake model: how often it has trained, or an average of that.
  double Number(NodeId node) {
    const std::vector<NodeId> one = {node};
    // loss is the third number, and each train adds lr = 0.5 to it.
    return Test(node).loss / 0.5;
  }
  Evaluated Test(NodeId node, EvaluationScope::Kind kind = EvaluationScope::Kind::kGeneral) {
    const std::vector<NodeId> one = {node};
    auto evaluated = sim().Evaluate(one, {kind, {}});
    EXPECT_TRUE(evaluated);
    return evaluated->front();
  }
  void Train(std::vector<NodeId> nodes) { ASSERT_TRUE(sim().Train(nodes)); }
  StepReport Aggregate(std::vector<NodeId> nodes) {
    auto report = sim().Aggregate(nodes);
    EXPECT_TRUE(report) << report.error().message;
    return *report;
  }
  template <class T>
  std::vector<T> EventsOf() {
    std::vector<T> found;
    for (const Event& event : events_)
      if (const T* what = std::get_if<T>(&event.what)) found.push_back(*what);
    return found;
  }

  FakeRun fake_;
  std::unique_ptr<Simulation> simulation_;
  std::vector<Event> events_;
};

// One example in four is held out, so that there is something to test on: 5 of 20, 15 to train on.
class SimulationWithTests : public SimulationTest {
 protected:
  SimulationWithTests() {
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.data.test_fraction = 0.25;
    Start(scenario);
  }
};

TEST_F(SimulationWithTests, HoldsOutTheFloorOfTheFraction) {
  EXPECT_EQ(sim().View(kA).held_out_samples, 5u);
  EXPECT_EQ(sim().View(kA).train_samples, 15u);
  EXPECT_EQ(Test(kA, EvaluationScope::Kind::kLocal).examples, 5);
  EXPECT_EQ(Test(kA, EvaluationScope::Kind::kGlobal).examples, 20);
}

TEST_F(SimulationWithTests, GeneralIsTheOfficialTestPartWhenOnlyTheTrainingPartIsDealt) {
  EXPECT_EQ(Test(kA).examples, 20) << "all examples are dealt: the same as global";
  Scenario scenario = FakeRun::DefaultScenario();
  scenario.data.pool = "train";
  Start(scenario);
  EXPECT_EQ(Test(kA).examples, 20) << "examples 80 to 99";
  scenario.partition.samples_per_node = 21;
  EXPECT_FALSE(Simulation::Create(scenario, fake_.registry)) << "84 of 80";
}

TEST_F(SimulationWithTests, AggregationWeighsByTrainingSize) {
  Train({kA});
  Train({kA});
  Train({kB});
  ASSERT_TRUE(sim().Send(kA, kC));
  ASSERT_TRUE(sim().Send(kB, kC));
  ASSERT_TRUE(sim().NetworkStep());
  Aggregate({kC});
  EXPECT_NEAR(Number(kC), (2 + 1 + 0) / 3.0, 1e-6) << "equal sizes, itself with 0";
}

TEST_F(SimulationWithTests, TheCommunalLearningRateBlends) {
  Train({kA});
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep());
  const std::vector<NodeId> b = {kB};
  sim().SetRate(0.25, b);
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), 0.75 * 0 + 0.25 * 0.5, 1e-6);
}

TEST_F(SimulationWithTests, ARecordWithExpiryThreeServesTheAggregationThatReceivesItAndTheNextTwo) {
  Train({kA});
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep());
  // x <- (x + 1) / 2 while the record lives.
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), 0.5, 1e-6);
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), 0.75, 1e-6);
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), 0.875, 1e-6);
  const StepReport report = Aggregate({kB});
  EXPECT_FALSE(report.aggregated[0].changed);
  EXPECT_NEAR(Number(kB), 0.875, 1e-6);
}

TEST_F(SimulationWithTests, WhatIsSharedIsTheModelAtTheTimeOfQueueing) {
  Train({kA});
  ASSERT_TRUE(sim().Send(kA, kB));
  Train({kA});
  Train({kA});
  ASSERT_TRUE(sim().NetworkStep());
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), 0.5, 1e-6) << "(0 + 1) / 2, not (0 + 3) / 2";
}

TEST_F(SimulationWithTests, AfterAFloodWithoutLossAllNodesHaveTheSameModelInOneRow) {
  Train(kAll);
  Train({kA, kB});
  ASSERT_TRUE(sim().Flood(kAll));
  ASSERT_TRUE(sim().NetworkStep());
  Aggregate(kAll);
  for (const NodeId node : kAll) {
    EXPECT_EQ(sim().ModelHash(node), sim().ModelHash(kA));
    EXPECT_NEAR(Number(node), 1.5, 1e-6);
  }
  EXPECT_EQ(sim().Stats().consensus_distance, 0);
}

TEST_F(SimulationWithTests, StepAggregatesWhereThereIsNewInformationAndTrainsElsewhere) {
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep());
  auto report = sim().Step(kAll);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->aggregated.size(), 1u);
  EXPECT_EQ(report->aggregated[0].node, kB);
  EXPECT_THAT(report->aggregated[0].peers, ElementsAre(kA));
  EXPECT_EQ(report->trained.size(), 3u);
  // The record had 3, then 2; training by step ticks it too, plain training does not.
  Train({kB});
  EXPECT_EQ(sim().Encounters(kB)[0].expiry, 2u);
  const std::vector<NodeId> b = {kB};
  ASSERT_TRUE(sim().Step(b));
  EXPECT_EQ(sim().Encounters(kB)[0].expiry, 1u);
  ASSERT_TRUE(sim().Step(b));
  EXPECT_THAT(sim().Encounters(kB), IsEmpty());
}

TEST_F(SimulationWithTests, TooFewModelsForARuleChangesNothingAnywhere) {
  Scenario scenario = sim().scenario();
  scenario.aggregation.name = "krum";  // one attacker: at least 5 models
  Start(scenario);
  Train({kA});
  ASSERT_TRUE(sim().Flood(kAll));
  ASSERT_TRUE(sim().NetworkStep());
  const std::uint64_t before = sim().WorldHash();
  const auto report = sim().Aggregate(kAll);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kRefused);
  EXPECT_THAT(report.error().message, HasSubstr("10.0.0.1"));
  EXPECT_EQ(sim().WorldHash(), before);
}

TEST_F(SimulationWithTests, RulesOfTheInboxDoNotSeeOlderRecords) {
  Scenario scenario = sim().scenario();
  scenario.aggregation.name = "fedavg";
  Start(scenario);
  Train({kA});
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep());
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), 0.5, 1e-6);
  EXPECT_EQ(sim().Encounters(kB)[0].expiry, 2u)
      << "the guestbook is written and ticked all the same";
  const StepReport report = Aggregate({kB});
  EXPECT_FALSE(report.aggregated[0].changed);
  EXPECT_EQ(sim().Encounters(kB)[0].expiry, 1u);
}

TEST_F(SimulationTest, ATrainThatFailsAtOneNodeLeavesItAsBeforeAndKeepsTheOthers) {
  fake_.faults->failing = {kB};
  const std::uint64_t before = sim().ModelHash(kB);
  const auto report = sim().Train(kAll);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kRefused);
  EXPECT_THAT(report.error().message, HasSubstr("10.0.0.2: the loss is not finite"));
  EXPECT_EQ(sim().ModelHash(kB), before);
  EXPECT_EQ(sim().View(kB).trained, 0u);
  EXPECT_EQ(sim().View(kC).trained, 1u);
  EXPECT_EQ(EventsOf<Trained>().size(), 3u);
}

TEST_F(SimulationTest, AStoppedTrainSaysHowFarItGot) {
  fake_.faults->stopped = {kC, kD};
  const auto report = sim().Train(kAll);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kInterrupted);
  EXPECT_EQ(report.error().message, "stopped: 2 nodes trained, 2 left as before");
}

TEST_F(SimulationTest, NodesWithoutDataAreSkippedUnlessThereIsNoOther) {
  Scenario scenario = FakeRun::DefaultScenario();
  scenario.partition.name = "all-to-first";
  Start(scenario);
  auto report = sim().Train(kAll);
  ASSERT_TRUE(report);
  EXPECT_THAT(report->without_data, ElementsAre(kB, kC, kD));
  const std::vector<NodeId> b = {kB};
  EXPECT_FALSE(sim().Train(b));
}

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

TEST_F(SimulationTest, GossipDrawsDistinctNeighboursAndSaysWhereThereAreFewer) {
  const std::vector<NodeId> a = {kA};
  for (int round = 0; round < 20; ++round) {
    events_.clear();
    ASSERT_TRUE(sim().Gossip(2, a));
    const auto queued = EventsOf<Queued>();
    ASSERT_EQ(queued.size(), 2u);
    EXPECT_NE(queued[0].message.to, queued[1].message.to);
  }
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

TEST_F(SimulationTest, ConsensusDistanceIsTheMeanSquaredDistanceToTheMeanModel) {
  Train({kA});  // (1, 20, 0.5), the others (0, 0, 0)
  const double squared = 1 + 400 + 0.25;
  // The mean is a quarter of it: one node is 3/4 away, three are 1/4 away.
  const double expected = (squared * 9 / 16 + 3 * squared / 16) / 4;
  EXPECT_NEAR(sim().Stats().consensus_distance, expected, 1e-9);
}

TEST_F(SimulationTest, ReconfigureResetsOptimizerStatesOnlyWhereTheirLayoutChanges) {
  Train(kAll);
  Scenario scenario = sim().scenario();
  scenario.training.lr = 2;
  auto notes = sim().Reconfigure(scenario, "training.lr", "2");
  ASSERT_TRUE(notes);
  EXPECT_THAT(*notes, IsEmpty());
  scenario.training.momentum = 0.9;
  notes = sim().Reconfigure(scenario, "training.momentum", "0.9");
  ASSERT_TRUE(notes);
  EXPECT_THAT(*notes, ElementsAre("the optimizer state of 4 nodes was reset"));
  scenario.aggregation.name = "no such rule";
  EXPECT_FALSE(sim().Reconfigure(scenario, "aggregation.name", "no such rule"));
  EXPECT_EQ(sim().scenario().aggregation.name, "encounter");
}

TEST_F(SimulationTest, TheSameCommandsGiveTheSameWorld) {
  const auto play = [this] {
    Start(FakeRun::DefaultScenario());
    Train(kAll);
    EXPECT_TRUE(sim().Gossip(2, kAll));
    EXPECT_TRUE(sim().NetworkStep());
    Aggregate(kAll);
    return sim().WorldHash();
  };
  const std::uint64_t once = play();
  EXPECT_EQ(play(), once);
  Train({kA});
  EXPECT_NE(sim().WorldHash(), once);
}

TEST_F(SimulationTest, SamplesBeyondTheDataSetAreAnErrorThatBeginsWithTheKey) {
  Scenario scenario = FakeRun::DefaultScenario();
  scenario.partition.samples_per_node = 26;
  const auto created = Simulation::Create(scenario, fake_.registry);
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().code, ErrorCode::kUsage);
  EXPECT_THAT(created.error().message, testing::StartsWith("partition.samples_per_node = 26"));
  EXPECT_EQ(created.error().hint, "at most 25");
}

TEST_F(SimulationTest, AnAbsentBackendIsUnavailable) {
  Scenario scenario = FakeRun::DefaultScenario();
  scenario.network.backend = "ns3";
  const auto created = Simulation::Create(scenario, fake_.registry);
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace delstep
