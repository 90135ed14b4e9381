#include "core/engine/evaluation_cache.h"

#include "tests/fakes/recording_learner.h"
#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

using Kind = EvaluationScope::Kind;

EvaluationKey Key(std::uint64_t model) { return {model, {}}; }

TEST(EvaluationCache, TellsListsOfExamplesApart) {
  const std::vector<std::uint32_t> one = {1, 2, 3}, same = one, other = {1, 3, 2}, less = {1, 2};
  EXPECT_EQ(HashExamples(one), HashExamples(same));
  EXPECT_NE(HashExamples(one), HashExamples(other));
  EXPECT_NE(HashExamples(one), HashExamples(less));
}

TEST(EvaluationCache, NeverHoldsMoreThanItsCapacity) {
  EvaluationCache cache(2);
  EvaluateResult result;
  for (std::uint64_t model = 1; model <= 3; ++model) {
    result.examples = static_cast<std::int64_t>(model);
    cache.Keep(Key(model), result);
    EXPECT_LE(cache.size(), 2u);
  }
  EXPECT_EQ(cache.Find(Key(1)), nullptr) << "emptied for the third";
  ASSERT_NE(cache.Find(Key(3)), nullptr);
  EXPECT_EQ(cache.Find(Key(3))->examples, 3);
}

class TestsThatReachTheLearner : public SimulationTest {
 protected:
  TestsThatReachTheLearner() {
    fakes::AddRecordingLearner(fake_.registry, "fake", record_);
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.data.test_fraction = 0.25;
    scenario.model.learner = "recording";
    Start(scenario);
  }
  /// How many jobs one test of all nodes brings to the learner.
  std::size_t JobsOf(Kind kind) {
    record_->evaluations.clear();
    const auto evaluated = sim().Evaluate(kAll, {kind, {}});
    EXPECT_TRUE(evaluated);
    EXPECT_EQ(evaluated->size(), 4u) << "every node has its result";
    return record_->evaluations.size();
  }

  std::shared_ptr<fakes::LearnerRecord> record_ = std::make_shared<fakes::LearnerRecord>();
};

TEST_F(TestsThatReachTheLearner, NodesThatShareARowAreTestedOnce) {
  EXPECT_EQ(JobsOf(Kind::kGlobal), 1u) << "all start from one row";
  EXPECT_EQ(JobsOf(Kind::kLocal), 4u) << "each on its own examples";
}

TEST_F(TestsThatReachTheLearner, AnUnchangedModelIsNotTestedTwiceOnTheSameExamples) {
  Train(kAll);
  EXPECT_EQ(JobsOf(Kind::kGlobal), 4u);
  const std::vector<Evaluated> once = EventsOf<Evaluated>();
  events_.clear();
  EXPECT_EQ(JobsOf(Kind::kGlobal), 0u);
  const std::vector<Evaluated> twice = EventsOf<Evaluated>();
  ASSERT_EQ(twice.size(), 4u) << "the events come all the same";
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(twice[i].node, once[i].node);
    EXPECT_EQ(twice[i].examples, once[i].examples);
    EXPECT_EQ(twice[i].loss, once[i].loss);
    EXPECT_EQ(twice[i].accuracy, once[i].accuracy);
  }
  EXPECT_EQ(JobsOf(Kind::kGeneral), 0u) << "the same examples under another name";
  EXPECT_EQ(JobsOf(Kind::kLocal), 4u);
}

TEST_F(TestsThatReachTheLearner, OnlyNodesThatHaveLearntAreTestedAgain) {
  Train(kAll);
  EXPECT_EQ(JobsOf(Kind::kGlobal), 4u);
  Train({kB});
  EXPECT_EQ(JobsOf(Kind::kGlobal), 1u);
  EXPECT_THAT(record_->evaluations, ElementsAre(kB));
  // The row that B has left serves again as somebody's.
  Train({kC});
  EXPECT_EQ(JobsOf(Kind::kGlobal), 1u);
  ASSERT_TRUE(sim().Flood(kAll));
  ASSERT_TRUE(sim().NetworkStep());
  Aggregate(kAll);
  EXPECT_EQ(JobsOf(Kind::kGlobal), 1u) << "one new row for all";
}

TEST_F(TestsThatReachTheLearner, OtherExamplesAreTestedAnew) {
  EXPECT_EQ(JobsOf(Kind::kGlobal), 1u);
  ASSERT_TRUE(sim().RemoveNode(kD));
  record_->evaluations.clear();
  const std::vector<NodeId> left = {kA, kB, kC};
  const auto evaluated = sim().Evaluate(left, {Kind::kGlobal, {}});
  ASSERT_TRUE(evaluated);
  EXPECT_EQ(record_->evaluations.size(), 1u);
  EXPECT_EQ(evaluated->front().examples, 15) << "D's five have gone";
}

TEST_F(TestsThatReachTheLearner, ANewLearnerHasTestedNothing) {
  EXPECT_EQ(JobsOf(Kind::kGlobal), 1u);
  Scenario scenario = sim().scenario();
  scenario.training.momentum = 0.9;
  ASSERT_TRUE(sim().Reconfigure(scenario, "training.momentum", "0.9"));
  EXPECT_EQ(JobsOf(Kind::kGlobal), 1u);
}

}  // namespace
}  // namespace delstep
