// A run over processes that are threads: what goes between them, and where rows are. That results are those
// of one process is tested by all other tests of the core, which run over a cluster too.
#include <gtest/gtest.h>

#include <numeric>

#include "core/cluster/homes.h"
#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

class ClusterTest : public SimulationWithTests {
 protected:
  // Four nodes over two processes: a and b at home in the first, c and d in the second.
  ClusterTest() {
    simulation_.reset();
    cluster_.reset();
    cluster_.emplace(2, fake_.registry);
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.data.test_fraction = 0.25;
    Start(scenario);
  }
  /// Rows that went between processes since the last call. The fake model has 16 floats, gaps included,
  /// and so has its state.
  std::size_t RowsMoved() {
    const std::size_t all = cluster_->numbers_sent() / 16;
    return all - std::exchange(moved_, all);
  }
  std::vector<std::size_t> RowsHeld() {
    const auto processes = sim().Processes();
    EXPECT_TRUE(processes);
    std::vector<std::size_t> rows;
    for (const ProcessUse& process : *processes) rows.push_back(process.rows);
    return rows;
  }

  std::size_t moved_ = 0;
};

TEST(Homes, AreBalancedAndSpreadAnyPartOfTheNodes) {
  for (const std::size_t nodes : {1u, 5u, 12u, 64u, 1000u, 100'000u})
    for (int processes = 1; processes <= 9; ++processes) {
      const Homes homes{.processes = processes, .nodes = nodes};
      std::vector<std::size_t> counts(static_cast<std::size_t>(processes));
      for (std::size_t i = 0; i < nodes; ++i)
        ++counts[static_cast<std::size_t>(homes.Of(static_cast<NodeId>(i)))];
      const auto [least, most] = std::ranges::minmax(counts);
      SCOPED_TRACE(testing::Message() << nodes << " nodes, " << processes << " processes");
      EXPECT_LE(most - least, 64u) << "a block at most";
      EXPECT_GE(least, nodes >= static_cast<std::size_t>(processes) ? 1u : 0u) << "nobody is idle";
    }
  const Homes homes{.processes = 3, .nodes = 6};
  EXPECT_EQ(homes.Of(NodeId{6}), 0) << "nodes that join are dealt one by one";
  EXPECT_EQ(homes.Of(NodeId{7}), 1);
}

TEST_F(ClusterTest, ARowGoesToAProcessOnceAndOnlyWhereItIsNeeded) {
  Train(kAll);
  // The first rows, one model and one state that all share, went to the second process.
  EXPECT_EQ(RowsMoved(), 2u);
  Train(kAll);
  EXPECT_EQ(RowsMoved(), 0u) << "everything is at home";
  ASSERT_TRUE(sim().Flood(kAll, WhenAlone::kAccept));
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_EQ(RowsMoved(), 0u) << "messages are handles";
  // All average the same four models, so one sum is formed, at the home of a: c and d go there.
  Aggregate(kAll);
  EXPECT_EQ(RowsMoved(), 2u);
  // The mean of a is that of c and d too, and goes over once.
  Train(kAll);
  EXPECT_EQ(RowsMoved(), 1u);
}

TEST_F(ClusterTest, RowsThatNobodyRefersToAreForgotten) {
  Train(kAll);
  // A model and a state for each of two nodes, and the two first rows, which went there; in the first
  // process those are still the first moment's, as they are here.
  EXPECT_THAT(RowsHeld(), ElementsAre(4u, 4u));
  for (int i = 0; i < 5; ++i) Train(kAll);
  EXPECT_THAT(RowsHeld(), ElementsAre(4u, 4u));
  ASSERT_TRUE(sim().RemoveNode(kD));
  EXPECT_THAT(RowsHeld(), ElementsAre(4u, 2u));
}

TEST_F(ClusterTest, EachProcessTrainsItsNodes) {
  Train(kAll);
  Train({kC});
  const auto processes = sim().Processes();
  ASSERT_TRUE(processes);
  ASSERT_EQ(processes->size(), 2u);
  EXPECT_EQ((*processes)[0].trainings, 2u);
  EXPECT_EQ((*processes)[1].trainings, 3u);
  EXPECT_EQ((*processes)[1].nodes, 2u);
  EXPECT_EQ((*processes)[1].number, 1u);
  EXPECT_EQ((*processes)[0].received, 0u);
  EXPECT_EQ((*processes)[1].received, 2 * 16 * sizeof(float)) << "the model and the state of all";
}

TEST_F(ClusterTest, HashesAndDistancesAreMadeWhereTheRowsAre) {
  Train({kA});
  Train({kC, kD});
  RowsMoved();
  sim().WorldHash();
  EXPECT_GT(sim().ConsensusDistance(), 0);
  EXPECT_EQ(RowsMoved(), 0u);
  // Who looks at a model itself brings it here.
  EXPECT_FALSE(sim().Model(kC).values.empty());
  EXPECT_EQ(RowsMoved(), 1u);
  EXPECT_FALSE(sim().Model(kC).values.empty());
  EXPECT_EQ(RowsMoved(), 0u);
}

}  // namespace
}  // namespace delstep
