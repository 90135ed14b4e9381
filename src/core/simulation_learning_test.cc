#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

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
  const auto refused = Simulation::Create(scenario, fake_.registry);
  ASSERT_FALSE(refused) << "84 of 80";
  EXPECT_EQ(refused.error().key, "partition.samples_per_node");
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

TEST_F(SimulationWithTests, ARuleThatSelectsGivesOneOfTheModelsBitForBit) {
  Scenario scenario = sim().scenario();
  scenario.aggregation.name = "krum";
  scenario.aggregation.byzantine = 0;  // of 4 models, each is scored by its 2 closest others
  Start(scenario);
  Train({kA});
  Train({kB});
  Train({kD});
  Train({kD});
  Train({kD});
  ASSERT_TRUE(sim().Send(kA, kC));
  ASSERT_TRUE(sim().Send(kB, kC));
  ASSERT_TRUE(sim().Send(kD, kC));
  ASSERT_TRUE(sim().NetworkStep());
  // c has trained 0 times, a and b once, d 3 times. Scores: c 1 + 1, a and b 0 + 1, d 4 + 4.
  EXPECT_TRUE(Aggregate({kC}).aggregated[0].changed);
  EXPECT_EQ(sim().ModelHash(kC), sim().ModelHash(kA));
  EXPECT_EQ(Number(kC), 1);
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
  EXPECT_EQ(report.error().hint, "a smaller training.lr may help");
  EXPECT_EQ(sim().ModelHash(kB), before);
  EXPECT_EQ(sim().View(kB).trained, 0u);
  EXPECT_EQ(sim().View(kC).trained, 1u);
  EXPECT_EQ(EventsOf<Trained>().size(), 3u);
}

TEST_F(SimulationTest, EachTrainingBeginsWithAnEventAlsoOneThatFails) {
  fake_.faults->failing = {kB};
  Train({kA});
  EXPECT_FALSE(sim().Train(kAll));
  const auto started = EventsOf<TrainingStarted>();
  std::vector<NodeId> nodes;
  for (const TrainingStarted& each : started) nodes.push_back(each.node);
  EXPECT_THAT(nodes, ElementsAre(kA, kA, kB, kC, kD));
  EXPECT_EQ(started[1].samples, 20u);
  EXPECT_EQ(started[1].epochs, static_cast<int>(sim().scenario().training.epochs));
  EXPECT_EQ(started[1].local_steps, 0);
  EXPECT_EQ(started[1].learning_rate, EventsOf<Trained>()[1].learning_rate);
  // Of one command all begin before the first is done: one Trained of the first `train` lies
  // between.
  ASSERT_TRUE(std::holds_alternative<Trained>(events_[1].what));
  EXPECT_TRUE(std::holds_alternative<TrainingStarted>(events_[5].what));
  EXPECT_TRUE(std::holds_alternative<Trained>(events_[6].what));
}

TEST_F(SimulationTest, ATrainingThatCountsBatchesSaysSoWhenItBegins) {
  Scenario scenario = FakeRun::DefaultScenario();
  scenario.training.local_steps = 3;
  Start(scenario);
  Train({kA});
  const auto started = EventsOf<TrainingStarted>();
  ASSERT_EQ(started.size(), 1u);
  EXPECT_EQ(started[0].epochs, 0);
  EXPECT_EQ(started[0].local_steps, 3);
}

TEST_F(SimulationTest, AnExceptionOfAModelIsNotBlamedOnTheLearningRate) {
  fake_.faults->failing = {kB};
  fake_.faults->failure = JobFailure::kLearner;
  fake_.faults->error = "mat1 and mat2 shapes cannot be multiplied";
  const auto report = sim().Train(kAll);
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("10.0.0.2: mat1 and mat2 shapes"));
  EXPECT_EQ(report.error().hint, "");
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

TEST_F(SimulationTest, AValueThatIsSetCountsWhateverItWasBefore) {
  Scenario scenario = FakeRun::DefaultScenario();
  scenario.network.link.loss = 0.5;
  Start(scenario);
  ASSERT_TRUE(sim().SetDefaultLoss(0));  // `link 1`: the scenario still says 0.5
  ASSERT_TRUE(sim().Reconfigure(scenario, "network.loss", "0.5"));
  EXPECT_EQ(sim().Links()[0].link.loss, 0.5);
  sim().SetRate(0.25, kAll);
  ASSERT_TRUE(sim().Reconfigure(scenario, "aggregation.rate", "1"));
  EXPECT_EQ(sim().View(kA).rate, 1);
  sim().SetAutonet(true);
  ASSERT_TRUE(sim().Reconfigure(scenario, "network.autonet", "false"));
  EXPECT_FALSE(sim().autonet());
}

TEST_F(SimulationWithTests, ALocalTestLeavesOutWhoHoldsNothingOut) {
  Scenario scenario = sim().scenario();
  scenario.partition.name = "all-to-first";
  Start(scenario);
  auto evaluated = sim().Evaluate(kAll, {EvaluationScope::Kind::kLocal, {}});
  ASSERT_TRUE(evaluated);
  ASSERT_EQ(evaluated->size(), 1u);
  EXPECT_EQ(evaluated->front().node, kA);
  const std::vector<NodeId> b = {kB};
  EXPECT_FALSE(sim().Evaluate(b, {EvaluationScope::Kind::kLocal, {}}));
}

TEST_F(SimulationTest, AStepWhoseTrainingFailsAggregatesNobody) {
  Train({kA});
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep());
  const std::uint64_t before = sim().ModelHash(kB);
  fake_.faults->failing = {kC};
  EXPECT_FALSE(sim().Step(kAll));
  EXPECT_EQ(sim().ModelHash(kB), before);
  EXPECT_EQ(sim().View(kB).inbox, 1u) << "the message waits for the next step";
}

}  // namespace
}  // namespace delstep
