#include <cmath>
#include <numeric>

#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

// A recorder asks after each command. What it asks must cost the same late in a run as early: so
// these tests count models that are read, and never look at a watch.
TEST_F(SimulationTest, AskingAgainForTheConsensusDistanceReadsNoModel) {
  Train({kA});
  const double distance = sim().ConsensusDistance();
  const std::uint64_t read = sim().models_read();
  ASSERT_TRUE(sim().Flood(kAll));
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_EQ(sim().ConsensusDistance(), distance);
  EXPECT_EQ(sim().Stats().consensus_distance, distance);
  EXPECT_EQ(sim().Traffic().sent, 12u);
  EXPECT_EQ(sim().models_read(), read) << "no model has changed";
}

TEST_F(SimulationTest, EachDistinctModelIsReadOnceAfterAChange) {
  sim().ConsensusDistance();
  EXPECT_EQ(sim().models_read(), 1u) << "all four nodes begin with the same row";
  Train({kA, kB});
  sim().ConsensusDistance();
  EXPECT_EQ(sim().models_read(), 1u + 3) << "A's, B's, and the one of C and D";
}

TEST_F(SimulationTest, TheConsensusDistanceFollowsEveryChangeOfWhoIsThere) {
  Train({kA});
  // A has (1, 20, 0.5), the others zeros. With N nodes the mean is 1/N of A's numbers, and the sum
  // of squares is |A|^2 ((N - 1)^2 + (N - 1)) / N^2, so the distance is |A|^2 (N - 1) / N^2.
  const double square = 1 + 20 * 20 + 0.25;
  EXPECT_NEAR(sim().ConsensusDistance(), square * 3 / 16, 1e-9);
  ASSERT_TRUE(sim().RemoveNode(kB));
  EXPECT_NEAR(sim().ConsensusDistance(), square * 2 / 9, 1e-9);
}

TEST_F(SimulationTest, TheConsensusDistanceHasTheBitsOfTheSumInOrderOfNodes) {
  for (int round = 0; round < 3; ++round) {
    for (int node = 0; node <= round; ++node) Train({NodeId{static_cast<std::uint32_t>(node)}});
    // Node k has trained 3 - k times at last, so its numbers are (t, 20 t, t / 2).
    double expected = 0;
    std::vector<std::array<double, 3>> models;
    for (const NodeId node : kAll) {
      const auto t = static_cast<double>(sim().View(node).trained);
      models.push_back({t, 20 * t, t / 2});
    }
    std::array<double, 3> mean{};
    for (const auto& model : models)
      for (std::size_t i = 0; i < 3; ++i) mean[i] += model[i];
    for (double& value : mean) value /= 4;
    for (const auto& model : models) {
      double distance = 0;
      for (std::size_t i = 0; i < 3; ++i) distance += (model[i] - mean[i]) * (model[i] - mean[i]);
      expected += distance;
    }
    EXPECT_EQ(sim().ConsensusDistance(), expected / 4);
  }
}

TEST_F(SimulationWithTests, ResultsAreKeptPerNodeAndScope) {
  using Kind = EvaluationScope::Kind;
  EXPECT_FALSE(sim().LastScope());
  Train({kA});
  const Evaluated general = Test(kA), local = Test(kA, Kind::kLocal);
  EXPECT_EQ(sim().LastScope(), EvaluationScope{Kind::kLocal});
  EXPECT_EQ(sim().View(kA).last_evaluated->scope.kind, Kind::kLocal);
  EXPECT_EQ(sim().LastTest(kA, {Kind::kGeneral})->accuracy, general.accuracy);
  EXPECT_EQ(sim().LastTest(kA, {Kind::kLocal})->accuracy, local.accuracy);
  EXPECT_FALSE(sim().LastTest(kA, {Kind::kGlobal}));
  EXPECT_FALSE(sim().LastTest(kB, {Kind::kLocal}));
  Train({kA});
  const Evaluated again = Test(kA, Kind::kGeneral);
  EXPECT_NE(again.accuracy, general.accuracy);
  EXPECT_EQ(sim().LastTest(kA, {Kind::kGeneral})->accuracy, again.accuracy);
  EXPECT_EQ(sim().View(kA).last_tests.size(), 2u);
}

TEST_F(SimulationWithTests, ScopesAreNeverAveraged) {
  using Kind = EvaluationScope::Kind;
  Train({kA});
  // One of the 5 local examples is right after one training, one of the 20 of all nodes.
  Test(kA, Kind::kLocal);
  Test(kB, Kind::kLocal);
  Test(kA, Kind::kGlobal);
  const Statistics stats = sim().Stats();
  ASSERT_EQ(stats.accuracies.size(), 2u);
  EXPECT_EQ(stats.accuracies[0].scope.kind, Kind::kLocal);
  EXPECT_EQ(stats.accuracies[0].accuracy.count, 2u);
  EXPECT_DOUBLE_EQ(stats.accuracies[0].accuracy.mean, (1.0 / 5 + 0) / 2);
  EXPECT_FALSE(stats.accuracies[0].last);
  EXPECT_TRUE(stats.accuracies[1].last);
  EXPECT_DOUBLE_EQ(stats.accuracies[1].accuracy.mean, 1.0 / 20);
  EXPECT_EQ(stats.accuracy.count, 1u) << "the last test's scope";
}

TEST_F(SimulationWithTests, AConfusionMatrixAddsUpToTheLabelsAndTheAccuracy) {
  const std::vector<NodeId> both = {kA, kB};
  Train({kA});
  const auto tests = sim().EvaluateByClass(both, {EvaluationScope::Kind::kGlobal});
  ASSERT_TRUE(tests);
  ASSERT_EQ(tests->size(), 2u);
  for (const ClassTest& test : *tests) {
    ASSERT_EQ(test.confusion.size(), 4u) << "two classes";
    EXPECT_EQ(std::accumulate(test.confusion.begin(), test.confusion.end(), 0LL), 20);
    EXPECT_DOUBLE_EQ(static_cast<double>(test.confusion[0] + test.confusion[3]) / 20,
                     test.test.accuracy);
  }
  EXPECT_EQ(EventsOf<Evaluated>().size(), 2u) << "it is a test like any other";
  EXPECT_EQ(sim().LastTest(kA, {EvaluationScope::Kind::kGlobal})->accuracy, 1.0 / 20);
}

TEST_F(SimulationWithTests, LookingAtAConfusionMatrixLeavesNoTrace) {
  const std::vector<NodeId> a = {kA};
  const std::uint64_t before = sim().WorldHash();
  ASSERT_TRUE(sim().EvaluateByClass(a, {EvaluationScope::Kind::kLocal}, true));
  EXPECT_TRUE(EventsOf<Evaluated>().empty());
  EXPECT_FALSE(sim().LastScope());
  EXPECT_EQ(sim().WorldHash(), before);
}

TEST_F(SimulationWithTests, TestsDoNotChangeTheHash) {
  const std::uint64_t before = sim().WorldHash();
  Test(kA, EvaluationScope::Kind::kLocal);
  Test(kA, EvaluationScope::Kind::kGlobal);
  EXPECT_EQ(sim().WorldHash(), before);
}

// The new learner was left in force once, over states of the old one.
TEST_F(SimulationTest, ASettingWhoseStatesCannotBeMadeChangesNothing) {
  Train(kAll);
  Scenario changed = sim().scenario();
  changed.training.momentum = 0.9;  // a state row of another layout
  fake_.faults->initialise = true;
  EXPECT_FALSE(sim().Reconfigure(changed, "training.momentum", "0.9"));
  EXPECT_EQ(sim().scenario().training.momentum, 0);
  Train(kAll);  // states and learner fit
  EXPECT_EQ(sim().View(kA).trained, 2u);
  fake_.faults->initialise = false;
  EXPECT_TRUE(sim().Reconfigure(changed, "training.momentum", "0.9"));
  Train(kAll);
}

}  // namespace
}  // namespace delstep
