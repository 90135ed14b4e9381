// A run over processes that are threads: what goes between them, and where rows are. That results are those
// of one process is tested by all other tests of the core, which run over a cluster too.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <numeric>

#include "aggregation/rules.h"
#include "base/crc32.h"
#include "base/files.h"
#include "core/cluster/homes.h"
#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

class ClusterTest : public SimulationWithTests {
 protected:
  // Four nodes over two processes: a and b at home in the first, c and d in the second.
  ClusterTest() { StartOver(2, OfTests()); }
  static Scenario OfTests() {
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.data.test_fraction = 0.25;
    return scenario;
  }
  void StartOver(int processes, const Scenario& scenario) {
    simulation_.reset();
    cluster_.reset();
    moved_ = 0;
    if (processes > 1) cluster_.emplace(processes, fake_.registry);
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

/// The bytes of a saved state, as they are in a file after `before`.
std::string BytesInFile(const SavedState& state, const std::string& before) {
  const std::string path = testing::TempDir() + "saved_by_many";
  std::ofstream(path, std::ios::binary) << before;
  const auto written = state.bytes->WriteInto(path, before.size());
  EXPECT_TRUE(written) << written.error().message;
  std::string all = *ReadFile(path);
  EXPECT_EQ(all.substr(0, before.size()), before);
  all.erase(0, before.size());
  EXPECT_EQ(all.size(), state.bytes->size());
  EXPECT_EQ(written->check_sum, Crc32(std::as_bytes(std::span(all))));
  EXPECT_THAT(written->blind, IsEmpty());
  return all;
}

TEST_F(ClusterTest, EachProcessWritesTheRowsThatItHolds) {
  std::string of_one;
  for (const int processes : {1, 2, 3}) {
    StartOver(processes, OfTests());
    Train(kAll);
    ASSERT_TRUE(sim().Flood(kAll, WhenAlone::kAccept));
    ASSERT_TRUE(sim().NetworkStep());
    Aggregate({kA, kC});
    Train({kB, kD});
    if (processes > 1) RowsMoved();
    const auto state = sim().SaveState();
    ASSERT_TRUE(state);
    const std::string bytes = BytesInFile(*state, "what stands before it");
    if (processes > 1) {
      EXPECT_EQ(RowsMoved(), 0u) << "the leader has received no row";
    }
    if (processes == 1) of_one = bytes;
    EXPECT_EQ(bytes, of_one) << processes << " processes write the bytes of one";
    std::string in_pieces;
    for (const auto piece : state->bytes->Pieces())
      in_pieces.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    EXPECT_EQ(in_pieces, bytes);
    if (processes > 1) {
      EXPECT_GT(RowsMoved(), 0u) << "whoever wants them here gets them here";
    }
  }
}

TEST_F(ClusterTest, EachProcessReadsTheRowsOfItsNodes) {
  Train(kAll);
  const std::vector<NodeId> one = {kA};
  ASSERT_TRUE(sim().Flood(one, WhenAlone::kAccept));
  const std::uint64_t hash = sim().WorldHash();
  const auto state = sim().SaveState();
  ASSERT_TRUE(state);
  StateFile file{.path = testing::TempDir() + "read_by_many", .begin = 3};
  std::ofstream(file.path, std::ios::binary) << "abc";
  const auto written = state->bytes->WriteInto(file.path, file.begin);
  ASSERT_TRUE(written);
  file.check_sum = written->check_sum;
  // What the leader is given has zeros in place of all numbers: it need not look at them.
  std::string without;
  const auto pieces = state->bytes->Pieces();
  for (std::size_t i = 0; i < pieces.size(); ++i)
    without += i > 0 && i % 2 == 0
                   ? std::string(pieces[i].size(), '\0')
                   : std::string(reinterpret_cast<const char*>(pieces[i].data()), pieces[i].size());
  RowsMoved();
  const Scenario scenario = sim().scenario();
  auto resumed = Simulation::Resume(scenario, fake_.registry, without, {}, &file);
  ASSERT_TRUE(resumed) << resumed.error().message;
  simulation_ = std::move(resumed->simulation);
  EXPECT_EQ(sim().WorldHash(), hash);
  Train(kAll);
  EXPECT_EQ(RowsMoved(), 0u) << "a row is read where it is needed";
  ++file.check_sum;
  const auto damaged = Simulation::Resume(scenario, fake_.registry, without, {}, &file);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, ErrorCode::kFile);
  EXPECT_THAT(damaged.error().message, HasSubstr("check sum"));
}

TEST_F(ClusterTest, AFileThatIsGoneIsAnErrorAndTheRunGoesOn) {
  Train(kAll);
  const auto state = sim().SaveState();
  ASSERT_TRUE(state);
  const std::string path = testing::TempDir() + "gone";
  std::filesystem::remove(path);
  const auto written = state->bytes->WriteInto(path, 0);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kFile);
  EXPECT_THAT(written.error().message, HasSubstr("cannot write '" + path + "'"));
  Train(kAll);
}

TEST_F(ClusterTest, WhatNodesSendIsMadeWhereTheirRowsAre) {
  for (const char* share : {"parameters", "deltas", "gradients"})
    for (const char* compression : {"none", "top-k"}) {
      SCOPED_TRACE(std::string(share) + " " + compression);
      Scenario scenario = OfTests();
      scenario.aggregation.share = share;
      scenario.aggregation.name = "median";
      scenario.compression.name = compression;
      scenario.compression.ratio = 0.3;
      StartOver(2, scenario);
      Train(kAll);
      RowsMoved();
      const std::vector<NodeId> attackers = {kB, kD};
      ASSERT_TRUE(sim().SetAttack("noise 0.5", attackers));
      ASSERT_TRUE(sim().Flood(kAll, WhenAlone::kAccept));
      ASSERT_TRUE(sim().NetworkStep());
      EXPECT_EQ(RowsMoved(), 0u) << "everything that is sent is made at home";
      // The rule is asked at home too: what c and d have sent goes to a and b, and the other way.
      Aggregate(kAll);
      EXPECT_EQ(RowsMoved(), 4u);
    }
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

// Each process reads data and files by itself. Here the leader, which reads first, finds what it should.
class MembersTest : public ClusterTest {
 protected:
  MembersTest() {
    simulation_.reset();
    fake_.registry.data.Add("read", "", [this](const Scenario&) -> Result<LoadedData> {
      LoadedData data = fakes::FakeData();
      data.files = {"d.csv"};
      return reads_++ == 0 ? data : later_(std::move(data));
    });
    fake_.registry.aggregators.AddFiles(".rule", "", MakeMedian);
    fake_.registry.hash_source = [this](const std::string&) {
      return std::optional(file_(hashes_++));
    };
  }
  void StartProcesses(int processes) {
    simulation_.reset();
    reads_ = 0;
    cluster_.emplace(processes, fake_.registry);
  }
  /// The first process makes its engine first, then the others do.
  Result<std::unique_ptr<Simulation>> Create(const Scenario& scenario) {
    hashes_ = 0;
    return Simulation::Create(scenario, fake_.registry);
  }
  static Scenario WithData() {
    Scenario scenario = OfTests();
    scenario.data.name = "read";
    return scenario;
  }

  /// The start has ended with all of these in its message.
  static void ExpectNoStart(const Result<std::unique_ptr<Simulation>>& made,
                            std::initializer_list<const char*> parts) {
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::kFile);
    for (const char* part : parts) EXPECT_THAT(made.error().message, HasSubstr(part));
    EXPECT_THAT(made.error().hint, HasSubstr("on every machine"));
  }

  std::atomic<int> reads_ = 0, hashes_ = 0;
  std::function<Result<LoadedData>(LoadedData)> later_ = [](LoadedData data) { return data; };
  std::function<std::uint64_t(int)> file_ = [](int) { return 7; };
};

TEST_F(MembersTest, ReadTheDataAtTheStart) {
  StartProcesses(3);
  ASSERT_TRUE(Create(WithData()));
  EXPECT_EQ(reads_, 3);
}

TEST_F(MembersTest, DataThatAreNotTheLeadersEndTheStart) {
  later_ = [](LoadedData data) {
    // Cut after 60 of the 100 examples, as a file that was not copied whole.
    data.dataset.labels = data.dataset.labels.first(60);
    data.dataset.floats = data.dataset.floats.first(60);
    return data;
  };
  StartProcesses(2);
  ExpectNoStart(Create(WithData()),
                {"process 1, on ", "'d.csv' gives 60 examples", "100 examples"});
  // As many, but others.
  later_ = [](LoadedData data) {
    data.dataset.scale *= 2;
    return data;
  };
  StartProcesses(3);
  ExpectNoStart(Create(WithData()), {"process 1, on ", "100 examples"});
}

TEST_F(MembersTest, DataThatAreMissingEndTheStart) {
  later_ = [](const LoadedData&) -> Result<LoadedData> {
    return BadFile("cannot open 'd.csv'", "do this on that machine");
  };
  StartProcesses(2);
  ExpectNoStart(Create(WithData()), {"process 1: on ", ": cannot open 'd.csv'"});
}

TEST_F(MembersTest, ARuleThatIsNotTheLeadersEndsTheStart) {
  Scenario scenario = OfTests();
  scenario.aggregation.name = "own.rule";
  StartProcesses(3);
  EXPECT_TRUE(Create(scenario));
  // Three are asked; of one the file says something else.
  file_ = [](int asked) { return asked == 1 ? 8 : 7; };
  StartProcesses(3);
  ExpectNoStart(Create(scenario), {"aggregation.name = 'own.rule': process "});
}

// Two members have made the new engine, and one of them another: nobody goes on with it.
TEST_F(MembersTest, ARuleThatIsNotTheLeadersChangesNothingInTheMiddle) {
  const auto play = [this](bool try_it) {
    StartProcesses(3);
    Start(OfTests());
    Train(kAll);
    if (try_it) {
      Scenario changed = sim().scenario();
      changed.aggregation.name = "own.rule";
      hashes_ = 0;
      file_ = [](int asked) { return asked == 1 ? 8 : 7; };
      const auto set = sim().Reconfigure(changed, "aggregation.name", "own.rule");
      EXPECT_EQ(set.error().code, ErrorCode::kFile);
      EXPECT_EQ(sim().scenario().aggregation.name, OfTests().aggregation.name);
    }
    EXPECT_TRUE(sim().Flood(kAll, WhenAlone::kAccept));
    EXPECT_TRUE(sim().NetworkStep());
    Train(kAll);
    Aggregate(kAll);
    const std::uint64_t before = sim().WorldHash();
    // Later all are of one mind.
    file_ = [](int) { return 7; };
    Scenario changed = sim().scenario();
    changed.aggregation.name = "own.rule";
    EXPECT_TRUE(sim().Reconfigure(changed, "aggregation.name", "own.rule"));
    EXPECT_TRUE(sim().Flood(kAll, WhenAlone::kAccept));
    EXPECT_TRUE(sim().NetworkStep());
    Aggregate(kAll);
    const std::uint64_t after = sim().WorldHash();
    return std::pair(before, after);
  };
  EXPECT_EQ(play(true), play(false));
}

}  // namespace
}  // namespace delstep
