// A model that brings an optimizer of its own: whose learning rate counts.
#include "tests/fakes/recording_learner.h"
#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

class OwnRate : public SimulationTest {
 protected:
  OwnRate() {
    record_->facts.optimizer = "SGD";
    record_->facts.learning_rate = 0.25;
    fakes::AddRecordingLearner(fake_.registry, "fake", record_);
  }
  /// What node A trains with, in a run of this scenario.
  template <class Change>
  double RateWith(Change change) {
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.model.learner = "recording";
    scenario.training.lr = TrainingOptions().lr;
    change(scenario.training);
    Start(scenario);
    return RateAt(kA);
  }
  double RateAt(NodeId node) {
    record_->trainings.clear();
    Train({node});
    return record_->trainings.front().options.learning_rate;
  }

  std::shared_ptr<fakes::LearnerRecord> record_ = std::make_shared<fakes::LearnerRecord>();
};

TEST_F(OwnRate, IsNeverOverriddenByADefault) {
  EXPECT_EQ(RateWith([](TrainingOptions&) {}), 0.25);
  EXPECT_EQ(RateWith([](TrainingOptions& o) { o.chosen.insert("training.epochs"); }), 0.25);
  EXPECT_EQ(sim().model_facts().optimizer, "SGD");
}

TEST_F(OwnRate, GivesWayToOneThatSomebodyHasSet) {
  EXPECT_EQ(RateWith([](TrainingOptions& o) { o.chosen.insert("training.lr"); }), 0.001)
      << "also to the number of the default";
  EXPECT_EQ(RateWith([](TrainingOptions& o) { o.lr = 0.5; }), 0.5)
      << "a program that fills in a Scenario";
  EXPECT_EQ(RateWith([](TrainingOptions&) {}), 0.25);
  Scenario changed = sim().scenario();
  changed.training.lr = 0.125;
  ASSERT_TRUE(sim().Reconfigure(changed, "training.lr", "0.125", std::vector<NodeId>{kB}));
  EXPECT_EQ(RateAt(kB), 0.125) << "set at the node";
  EXPECT_EQ(RateAt(kA), 0.25);
}

TEST_F(OwnRate, IsWhereAScheduleBegins) {
  EXPECT_EQ(RateWith([](TrainingOptions& o) {
              o.lr_schedule = "exponential";
              o.lr_gamma = 0.5;
            }),
            0.25);
  EXPECT_EQ(RateAt(kA), 0.125);
}

}  // namespace
}  // namespace delstep
