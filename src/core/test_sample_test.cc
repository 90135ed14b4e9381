// Tests on a sample of the held-out examples, and what a test costs.
#include <algorithm>

#include "tests/fakes/recording_learner.h"
#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

using Kind = EvaluationScope::Kind;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsSubsetOf;
using ::testing::SizeIs;

EvaluationScope Sample(std::uint64_t count) { return {.kind = Kind::kSample, .sample = count}; }

// Four nodes, each of which holds out 5 of its examples.
class SampledTests : public SimulationTest {
 protected:
  SampledTests() {
    fakes::AddRecordingLearner(fake_.registry, "fake", record_);
    Begin(7);
  }
  void Begin(std::uint64_t seed) {
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.data.test_fraction = 0.25;
    scenario.model.learner = "recording";
    scenario.seed = seed;
    Start(scenario);
  }
  /// The examples of each job that one test of all nodes brings to the learner.
  std::vector<std::vector<std::uint32_t>> ExamplesOf(const EvaluationScope& scope) {
    record_->evaluated_examples.clear();
    const auto evaluated = sim().Evaluate(kAll, scope);
    EXPECT_TRUE(evaluated);
    for (const Evaluated& test : *evaluated) EXPECT_EQ(test.scope, scope);
    return record_->evaluated_examples;
  }
  TestCost CostOf(const EvaluationScope& scope, bool by_class = false) {
    const auto cost = sim().CostOfTest(kAll, scope, by_class);
    EXPECT_TRUE(cost);
    return *cost;
  }

  std::shared_ptr<fakes::LearnerRecord> record_ = std::make_shared<fakes::LearnerRecord>();
};

TEST_F(SampledTests, AreOnTheSameFewHeldOutExamplesForAllModelsAndAllThroughARun) {
  Train(kAll);
  const auto all = ExamplesOf({.kind = Kind::kGeneral}).front();
  ASSERT_THAT(all, SizeIs(20));
  const auto first = ExamplesOf(Sample(6));
  ASSERT_THAT(first, SizeIs(4)) << "four different models";
  EXPECT_THAT(first, Each(first.front()));
  EXPECT_THAT(first.front(), SizeIs(6));
  EXPECT_TRUE(std::ranges::is_sorted(first.front()));
  EXPECT_EQ(std::ranges::adjacent_find(first.front()), first.front().end()) << "each once";
  EXPECT_THAT(first.front(), IsSubsetOf(all));
  Train(kAll);
  sim().NextCycle();
  EXPECT_EQ(ExamplesOf(Sample(6)), first);
}

TEST_F(SampledTests, ALargerSampleHasTheSmallerOneInIt) {
  const auto few = ExamplesOf(Sample(3)).front(), more = ExamplesOf(Sample(15)).front();
  EXPECT_THAT(few, IsSubsetOf(more));
}

// Of 20 examples there are 167,960 samples of 9: two seeds that draw alike would be a fault.
TEST_F(SampledTests, AnotherSeedDrawsOthers) {
  const auto of_seven = ExamplesOf(Sample(9)).front();
  Begin(8);
  EXPECT_NE(ExamplesOf(Sample(9)).front(), of_seven);
}

TEST_F(SampledTests, ASampleOfMoreThanThereIsIsAllThereIs) {
  const auto evaluated = sim().Evaluate(kAll, Sample(1000));
  ASSERT_TRUE(evaluated);
  EXPECT_EQ(evaluated->front().examples, 20);
  EXPECT_THAT(ExamplesOf({.kind = Kind::kGlobal}), SizeIs(0)) << "known: the same examples";
}

TEST_F(SampledTests, CountAsAScopeOfTheirOwn) {
  ASSERT_TRUE(sim().Evaluate(kAll, Sample(5)));
  EXPECT_EQ(sim().LastScope(), Sample(5));
  EXPECT_EQ(Name(Sample(5)), "sample 5");
  EXPECT_TRUE(sim().LastTest(kA, Sample(5)));
  EXPECT_FALSE(sim().LastTest(kA, Sample(6)));
}

TEST_F(SampledTests, ATestCostsItsDifferentModelsTimesTheirExamples) {
  EXPECT_EQ(CostOf({}).models, 1u) << "all begin with one model";
  EXPECT_EQ(CostOf({}).examples, 20u);
  Train(kAll);
  EXPECT_EQ(CostOf({}).models, 4u);
  EXPECT_EQ(CostOf({}).examples, 4 * 20u);
  EXPECT_EQ(CostOf({.kind = Kind::kLocal}).examples, 4 * 5u);
  EXPECT_EQ(CostOf(Sample(3)).examples, 4 * 3u);
  EXPECT_THAT(record_->evaluations, SizeIs(0)) << "asking tests nothing";
}

TEST_F(SampledTests, WhatIsKnownCostsNothingButForMatrices) {
  Train(kAll);
  ASSERT_TRUE(sim().Evaluate(kAll, {}));
  Train({kB});
  EXPECT_EQ(CostOf({}).models, 1u);
  EXPECT_EQ(CostOf({}).examples, 20u);
  EXPECT_EQ(CostOf({}, true).examples, 4 * 20u);
}

}  // namespace
}  // namespace delstep
