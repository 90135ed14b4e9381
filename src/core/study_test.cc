// What studies need: local steps, clipping, the proximal term, schedules, options of some nodes,
// wrong labels.
#include "tests/fakes/recording_learner.h"
#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

class Study : public SimulationTest {
 protected:
  Study() {
    fakes::AddRecordingLearner(fake_.registry, "fake", record_);
    Begin([](Scenario&) {});
  }
  template <class Change>
  void Begin(Change change) {
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.model.learner = "recording";
    change(scenario);
    Start(scenario);
    record_->trainings.clear();
  }
  /// `set KEY VALUE`, `change` being what it does to the scenario.
  template <class Change>
  std::vector<std::string> Set(std::string_view key, Change change) {
    Scenario scenario = sim().scenario();
    change(scenario.training);
    auto notes = sim().Reconfigure(scenario, key, "");
    EXPECT_TRUE(notes);
    return *notes;
  }
  template <class Change>
  Result<void> SetAt(std::vector<NodeId> nodes, std::string_view key, Change change) {
    Scenario scenario = sim().scenario();
    change(scenario.training);
    return sim().Reconfigure(scenario, key, "v", nodes);
  }
  fakes::LearnerRecord::Training TrainOnce(NodeId node) {
    record_->trainings.clear();
    Train({node});
    EXPECT_EQ(record_->trainings.size(), 1u);
    return record_->trainings.front();
  }
  std::vector<LabelsChanged> Relabel(const LabelChange& change, std::vector<NodeId> nodes) {
    auto done = sim().ChangeLabels(change, nodes);
    EXPECT_TRUE(done);
    return *done;
  }

  std::shared_ptr<fakes::LearnerRecord> record_ = std::make_shared<fakes::LearnerRecord>();
};

TEST_F(Study, JobsCarryStepsClippingAndTheProximalTerm) {
  Begin([](Scenario& scenario) {
    scenario.training.local_steps = 7;
    scenario.training.clip_norm = 2.5;
    scenario.training.proximal_mu = 0.125;
  });
  const auto job = TrainOnce(kA);
  EXPECT_EQ(job.options.local_steps, 7);
  EXPECT_EQ(job.options.clip_norm, 2.5);
  EXPECT_EQ(job.options.proximal_mu, 0.125);
  EXPECT_EQ(EventsOf<Trained>()[0].epochs, 0) << "epochs do not count";
}

TEST_F(Study, TheAnchorIsTheModelOfTheLastAggregation) {
  Begin([](Scenario& scenario) { scenario.training.proximal_mu = 0.1; });
  // A model is (k, 20 k, k / 2), in a row of 16.
  const auto first = [](const auto& job) { return job.anchor.at(0); };
  EXPECT_EQ(first(TrainOnce(kA)), 0) << "the initial model";
  EXPECT_EQ(first(TrainOnce(kA)), 0) << "training does not move it";
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep());
  Aggregate({kB});  // (2 + 0) / 2
  EXPECT_EQ(first(TrainOnce(kB)), 1);
  Set("training.lr", [](TrainingOptions& t) { t.lr = 0.25; });
  EXPECT_EQ(first(TrainOnce(kB)), 1) << "a new learner changes nothing";
  Aggregate({kB});  // the record still serves: (2 + 3) / 2
  EXPECT_EQ(first(TrainOnce(kB)), 2.5);
}

TEST_F(Study, WithoutProximalTermNoAnchorIsKeptAlive) {
  EXPECT_TRUE(TrainOnce(kA).anchor.empty());
  Train({kB, kC, kD});
  EXPECT_EQ(sim().Memory().distinct_models, 4u) << "the initial one is gone";
  Set("training.proximal_mu", [](TrainingOptions& t) { t.proximal_mu = 1; });
  EXPECT_EQ(TrainOnce(kA).anchor.at(0), 1) << "the model that it had when the key was set";
}

TEST_F(Study, ATermThatComesBetweenAggregationAndTrainingPullsToTheAggregate) {
  Train({kA});
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep());
  Aggregate({kB});
  const std::uint64_t before = sim().WorldHash();
  ASSERT_TRUE(SetAt({kB}, "training.proximal_mu", [](TrainingOptions& t) { t.proximal_mu = 1; }));
  EXPECT_NE(sim().WorldHash(), before);
  EXPECT_EQ(TrainOnce(kB).anchor.at(0), 0.5);
  EXPECT_EQ(TrainOnce(kB).anchor.at(0), 0.5);
}

TEST_F(Study, TheScheduleCountsTheTrainsOfEachNode) {
  Begin([](Scenario& scenario) {
    scenario.training.lr_schedule = "exponential";
    scenario.training.lr_gamma = 0.5;
  });
  Train({kA});
  Train({kA});
  Train(kAll);
  std::vector<double> rates;
  for (const Trained& trained : EventsOf<Trained>()) rates.push_back(trained.learning_rate);
  EXPECT_THAT(rates, ElementsAre(0.5, 0.25, 0.125, 0.5, 0.5, 0.5));
  // In the order of its own trainings: several processes train in whichever order.
  std::vector<double> of_a;
  for (const auto& training : record_->trainings)
    if (training.node == kA) of_a.push_back(training.options.learning_rate);
  EXPECT_THAT(of_a, ElementsAre(0.5, 0.25, 0.125));
}

TEST_F(Study, SomeNodesMayHaveValuesOfTheirOwn) {
  ASSERT_TRUE(SetAt({kB, kC}, "training.lr", [](TrainingOptions& t) { t.lr = 0.01; }));
  ASSERT_TRUE(SetAt({kB}, "training.epochs", [](TrainingOptions& t) { t.epochs = 3; }));
  EXPECT_EQ(TrainOnce(kA).options.learning_rate, 0.5);
  EXPECT_EQ(TrainOnce(kB).options.learning_rate, 0.01);
  EXPECT_EQ(TrainOnce(kB).options.epochs, 3);
  EXPECT_EQ(TrainOnce(kC).options.epochs, 5);
  EXPECT_THAT(sim().View(kB).own_options,
              ElementsAre(testing::Pair("training.epochs", 3), testing::Pair("training.lr", 0.01)));
  EXPECT_THAT(EventsOf<ConfigChanged>()[0].nodes, ElementsAre(kB, kC));

  Set("training.batch_size", [](TrainingOptions& t) { t.batch_size = 4; });
  EXPECT_EQ(TrainOnce(kB).options.batch_size, 4) << "what is not its own follows";
  EXPECT_EQ(TrainOnce(kB).options.learning_rate, 0.01);
  EXPECT_THAT(Set("training.lr", [](TrainingOptions& t) { t.lr = 0.2; }),
              ElementsAre("this replaces the own value of 2 nodes"));
  EXPECT_EQ(TrainOnce(kB).options.learning_rate, 0.2);
  EXPECT_EQ(TrainOnce(kB).options.epochs, 3);
}

TEST_F(Study, WhatAllNodesShareCannotDiffer) {
  const std::uint64_t before = sim().WorldHash();
  const auto set =
      SetAt({kB}, "training.optimizer", [](TrainingOptions& t) { t.optimizer = "sgd"; });
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, ErrorCode::kUsage);
  EXPECT_THAT(set.error().message, HasSubstr("training.optimizer is the same for all nodes"));
  EXPECT_THAT(set.error().hint, HasSubstr("training.lr"));
  EXPECT_EQ(sim().WorldHash(), before);
}

TEST_F(Study, FlippedLabelsAreInTheTrainingPartOfTheNodesNamed) {
  // Labels alternate 0, 1, 0, 1, ...; 20 examples a node, none held out.
  const std::vector<std::int32_t> clean = TrainOnce(kB).labels;
  const std::uint64_t before = sim().WorldHash();
  Relabel({LabelChange::Kind::kFlip, 0, 0, 1}, {kB});
  const std::vector<std::int32_t> flipped = TrainOnce(kB).labels;
  EXPECT_EQ(std::ranges::count(flipped, 1), 20);
  EXPECT_NE(sim().WorldHash(), before);
  EXPECT_EQ(sim().View(kB).changed_labels,
            static_cast<std::uint64_t>(std::ranges::count(clean, 0)));
  EXPECT_EQ(sim().View(kA).changed_labels, 0u);
  Relabel({LabelChange::Kind::kFlipAll}, {kB});  // 1 - 1
  EXPECT_EQ(std::ranges::count(TrainOnce(kB).labels, 0), 20) << "on top of the first change";
  Relabel({LabelChange::Kind::kRestore}, {kB});
  EXPECT_EQ(TrainOnce(kB).labels, clean);
  EXPECT_EQ(sim().View(kB).changed_labels, 0u);
}

TEST_F(Study, NoiseChangesEachLabelWithItsProbabilityFromTheNodesOwnStream) {
  const std::vector<std::int32_t> clean = TrainOnce(kA).labels;
  EXPECT_EQ(Relabel({LabelChange::Kind::kNoise, 1}, {kA})[0].changed, 20u) << "each one, surely";
  EXPECT_EQ(Relabel({LabelChange::Kind::kNoise, 0}, {kC})[0].changed, 0u);
  Relabel({LabelChange::Kind::kRestore}, kAll);
  const auto noisy = [&](NodeId node) {
    Relabel({LabelChange::Kind::kNoise, 0.5}, {node});
    return TrainOnce(node).labels;
  };
  const std::vector<std::int32_t> alone = noisy(kD);
  Begin([](Scenario&) {});
  Relabel({LabelChange::Kind::kNoise, 0.5}, {kA, kB});
  EXPECT_EQ(noisy(kD), alone) << "whatever was done to others";
}

TEST_F(Study, WhatIsHeldOutKeepsItsLabels) {
  Begin([](Scenario& scenario) { scenario.data.test_fraction = 0.25; });
  const std::vector<LabelCounts> before = sim().Labels();
  Relabel({LabelChange::Kind::kFlip, 0, 0, 1}, {kA});
  const LabelCounts after = sim().Labels()[0];
  EXPECT_EQ(after.counts[0] + after.changed, before[0].counts[0]);
  EXPECT_EQ(after.counts[1], before[0].counts[1] + after.changed);
  EXPECT_GT(after.changed, 0u);
  EXPECT_LE(after.changed, 15u) << "5 of 20 are held out";
}

TEST_F(Study, ClassesThatTheDataLackAreRefused) {
  const std::uint64_t before = sim().WorldHash();
  const auto done = sim().ChangeLabels({LabelChange::Kind::kFlip, 0, 0, 2}, kAll);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kRefused);
  EXPECT_EQ(done.error().hint, "the data have classes 0 to 1");
  EXPECT_EQ(sim().WorldHash(), before);
}

TEST_F(Study, ANodeLikeAnotherHasItsWrongLabelsToo) {
  Relabel({LabelChange::Kind::kFlipAll}, {kA});
  NewNode node;
  node.like = kA;
  const auto added = sim().AddNode(node);
  ASSERT_TRUE(added);
  EXPECT_EQ(sim().View(*added).changed_labels, 20u);
}

TEST_F(Study, StalenessIsTheMeanAgeOfTheRecordsSinceTheyWereSent) {
  EXPECT_FALSE(sim().View(kB).staleness);
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep(milliseconds(30)));  // sent at 0
  ASSERT_TRUE(sim().Send(kC, kB));
  ASSERT_TRUE(sim().NetworkStep(milliseconds(20)));  // sent at 30 ms; it is 50 ms
  EXPECT_FALSE(sim().View(kB).staleness) << "they lie in the inbox";
  Aggregate({kB});
  EXPECT_NEAR(*sim().View(kB).staleness, (0.050 + 0.020) / 2, 1e-12);
}

TEST_F(Study, MemoryCountsEachRowOnce) {
  MemoryUse use = sim().Memory();
  EXPECT_EQ(use.distinct_models, 1u) << "all start from one row";
  EXPECT_EQ(use.model_uses, 8u) << "four nodes, each with its model and its anchor";
  EXPECT_EQ(use.model_rows, 16 * sizeof(float));
  Train(kAll);
  ASSERT_TRUE(sim().Flood(kAll));
  use = sim().Memory();
  EXPECT_EQ(use.distinct_models, 4u);
  EXPECT_EQ(use.messages, 12u);
  EXPECT_EQ(use.model_uses, 4u + 12u) << "messages share the rows of their senders";
  EXPECT_EQ(use.links, 12u);
  Relabel({LabelChange::Kind::kFlipAll}, {kA});
  EXPECT_EQ(sim().Memory().data, use.data + 100 * sizeof(std::int32_t));
}

TEST_F(Study, ADeliveryProbabilityForAllTakesSingleSettingsBack) {
  const auto single = [&](NodeId from, NodeId to) {
    for (const LinkView& link : sim().Links())
      if (link.from == from && link.to == to) return link;
    return LinkView{};
  };
  LinkChange lossy, slow;
  lossy.loss = 0.5;
  slow.latency = Latency{Latency::Kind::kConstant, milliseconds(70), {}};
  ASSERT_TRUE(sim().ChangeLink(kA, kB, lossy));
  ASSERT_TRUE(sim().ChangeLink(kC, kD, slow));
  EXPECT_TRUE(single(kA, kB).single);
  ASSERT_TRUE(sim().SetDefaultLoss(0));
  EXPECT_FALSE(single(kA, kB).single);
  EXPECT_TRUE(single(kC, kD).single) << "its latency is still its own";
  EXPECT_EQ(single(kC, kD).link.loss, 0);
  // It follows the default from then on, in the network too.
  Scenario scenario = sim().scenario();
  scenario.network.link.latency.a = milliseconds(25);
  ASSERT_TRUE(sim().Reconfigure(scenario, "network.latency", "25ms"));
  ASSERT_TRUE(sim().Send(kA, kB));
  const auto step = sim().NetworkStep();
  ASSERT_TRUE(step);
  EXPECT_EQ(step->after - step->before, milliseconds(25));
}

TEST_F(Study, WhatARunWouldRefuseIsKnownBefore) {
  Scenario scenario = sim().scenario();
  scenario.aggregation.name = "no such rule";
  const auto can = sim().CanReconfigure(scenario);
  ASSERT_FALSE(can);
  EXPECT_EQ(can.error().code, ErrorCode::kUsage);
  EXPECT_TRUE(sim().CanReconfigure(sim().scenario()));
}

}  // namespace
}  // namespace delstep
