#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

std::string BytesOf(const SavedState& state) {
  std::string bytes;
  for (const auto piece : state.bytes->Pieces())
    bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  return bytes;
}

class Saving : public SimulationTest {
 protected:
  Saving() {
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.data.test_fraction = 0.2;  // something to test on
    Start(scenario);
  }
  std::string Save() {
    const auto state = sim().SaveState();
    EXPECT_TRUE(state);
    return BytesOf(*state);
  }
  Result<std::unique_ptr<Simulation>> Resume(std::string_view bytes) {
    return Simulation::Resume(sim().scenario(), fake_.registry, bytes);
  }
  /// Something of everything: mail in each place, links, groups, a node less, labels.
  void Live() {
    Train(kAll);
    ASSERT_TRUE(sim().Flood(kAll, WhenAlone::kRefuse));
    ASSERT_TRUE(sim().NetworkStep(std::nullopt));
    Aggregate({kA, kB});
    Test(kC, EvaluationScope::Kind::kGlobal);
    ASSERT_TRUE(sim().Gossip(2, kAll, WhenAlone::kRefuse));
    const std::vector<NodeId> some = {kA};
    ASSERT_TRUE(sim().NetworkStep(some, milliseconds(20)));
    ASSERT_TRUE(sim().RemoveNode(kD));
    sim().CreateGroup("g");
    sim().AddToGroup("g", std::vector<NodeId>{kB, kC});
    ASSERT_TRUE(sim().ChangeLabels({.kind = LabelChange::Kind::kNoise, .probability = 0.5}, some));
    ASSERT_TRUE(sim().Flood(some, WhenAlone::kRefuse));
  }
};

/// What a run does next, and what comes of it.
std::string GoOn(Simulation& simulation) {
  // The observer stays with the simulation, so it shares what it writes to.
  const auto told = std::make_shared<std::string>();
  simulation.Observe([told](const Event& event) {
    *told += std::to_string(event.what.index()) + '@' +
             std::to_string(event.at.time_since_epoch().count()) + ' ';
  });
  for (int round = 0; round < 3; ++round) {
    std::vector<NodeId> up;
    for (const NodeId node : simulation.Nodes())
      if (simulation.IsUp(node)) up.push_back(node);
    (void)simulation.Train(up);
    (void)simulation.Gossip(1, up, WhenAlone::kAccept);
    (void)simulation.NetworkStep(milliseconds(10));
    (void)simulation.Aggregate(up);
    (void)simulation.Evaluate(up, {EvaluationScope::Kind::kGlobal, {}});
    *told += std::to_string(simulation.WorldHash()) + '\n';
  }
  (void)simulation.AddNode({});
  return *told + std::to_string(simulation.WorldHash());
}

TEST_F(Saving, AResumedRunKnowsHowItsCycleBegan) {
  sim().KeepCycleStarts();
  Train({kA});
  sim().NextCycle();
  const double before = sim().ConsensusDistance();
  Train({kB});
  auto resumed = Resume(Save());
  ASSERT_TRUE(resumed);
  (*resumed)->KeepCycleStarts();
  EXPECT_EQ((*resumed)->Mixing().consensus_before, before);
  EXPECT_NE(before, sim().ConsensusDistance());
  Train({kA});
  (*resumed)->NextCycle();
  EXPECT_EQ((*resumed)->Mixing().consensus_before, (*resumed)->ConsensusDistance());
}

// A run that kept none, such as one without a console.
TEST_F(Saving, ARunThatIsResumedInACycleMakesUpNoBeginning) {
  Train(kAll);
  auto resumed = Resume(Save());
  ASSERT_TRUE(resumed);
  (*resumed)->KeepCycleStarts();
  EXPECT_FALSE((*resumed)->Mixing().consensus_before);
}

TEST_F(Saving, ARunGoesOnAsIfItHadNeverStopped) {
  Live();
  const std::string bytes = Save();
  const auto resumed = Resume(bytes);
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_EQ((*resumed)->WorldHash(), sim().WorldHash());
  const Statistics here = sim().Stats(), there = (*resumed)->Stats();
  EXPECT_EQ(there.sent, here.sent);
  EXPECT_EQ(there.latency.p50, here.latency.p50);
  EXPECT_EQ((*resumed)->nodes_ever(), 4u) << "one of them has left";
  EXPECT_EQ(GoOn(**resumed), GoOn(sim()));
}

TEST_F(Saving, EqualStatesGiveEqualBytes) {
  Live();
  const std::string bytes = Save();
  const auto resumed = Resume(bytes);
  ASSERT_TRUE(resumed);
  EXPECT_EQ(BytesOf(*(*resumed)->SaveState()), bytes);
}

TEST_F(Saving, AMomentIsSavedAsItWas) {
  Live();
  const auto moment = sim().TakeSnapshot();
  ASSERT_TRUE(moment);
  const std::string bytes = Save();
  Train({kA, kB});
  EXPECT_NE(Save(), bytes);
  EXPECT_EQ(BytesOf(*sim().SaveState(*moment)), bytes);
}

TEST_F(Saving, MomentsComeBackWithTheRun) {
  const auto start = sim().TakeSnapshot();
  Live();
  const auto lively = sim().TakeSnapshot();
  Train({kA});
  const std::vector<Snapshot> moments = {*lively, *start};
  const auto state = sim().SaveState(Snapshot(), moments);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->moments, 2u);
  const std::string bytes = BytesOf(*state);
  const Scenario& scenario = sim().scenario();
  const std::vector<const Scenario*> settings = {&scenario, &scenario};
  const auto resumed = Simulation::Resume(scenario, fake_.registry, bytes, settings);
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_EQ(resumed->simulation->WorldHash(), sim().WorldHash());
  EXPECT_EQ(BytesOf(*resumed->simulation->SaveState(Snapshot(), resumed->moments)), bytes)
      << "what was shared is shared";
  EXPECT_EQ(resumed->simulation->row_bytes(), sim().row_bytes());
  for (std::size_t i = 0; i < moments.size(); ++i) {
    ASSERT_EQ(resumed->moments[i].hash(), moments[i].hash()) << i;
    ASSERT_TRUE(resumed->simulation->Restore(resumed->moments[i]));
    ASSERT_TRUE(sim().Restore(moments[i]));
    EXPECT_EQ(GoOn(*resumed->simulation), GoOn(sim())) << i;
  }
}

TEST_F(Saving, MadeUpMomentsAreMomentsOrRefused) {
  const auto start = sim().TakeSnapshot();
  Live();
  const std::vector<Snapshot> moments = {*start};
  const std::string bytes = BytesOf(*sim().SaveState(Snapshot(), moments));
  const Scenario scenario = sim().scenario();
  const std::vector<const Scenario*> settings = {&scenario};
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
    const auto resumed = Simulation::Resume(scenario, fake_.registry, changed, settings);
    if (!resumed) {
      ASSERT_EQ(resumed.error().code, ErrorCode::kFile) << at;
      continue;
    }
    for (const Snapshot& moment : resumed->moments) {
      ASSERT_TRUE(moment);
      ASSERT_TRUE(resumed->simulation->Restore(moment));
      GoOn(*resumed->simulation);
    }
    const auto cut = std::string_view(bytes).substr(0, at);
    EXPECT_FALSE(Simulation::Resume(scenario, fake_.registry, cut, settings)) << at;
  }
}

TEST_F(Saving, SavedBytesStayWhileTheRunGoesOn) {
  Live();
  const auto state = sim().SaveState();
  const std::string bytes = BytesOf(*state);
  GoOn(sim());
  EXPECT_EQ(BytesOf(*state), bytes);
}

TEST_F(Saving, SettingsOfSingleNodesGoOn) {
  Scenario changed = sim().scenario();
  changed.training.lr = 0.25;
  ASSERT_TRUE(sim().Reconfigure(changed, "training.lr", "0.25", std::vector<NodeId>{kB}));
  const auto resumed = Resume(Save());
  ASSERT_TRUE(resumed);
  EXPECT_EQ((*resumed)->View(kB).own_options.size(), 1u);
  EXPECT_EQ(GoOn(**resumed), GoOn(sim()));
}

TEST_F(Saving, ACutIsRefusedWhereverItIs) {
  Live();
  const std::string bytes = Save();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto resumed = Resume(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(resumed) << size;
    ASSERT_EQ(resumed.error().code, ErrorCode::kFile) << size;
    ASSERT_THAT(resumed.error().message, HasSubstr("saved state")) << size;
  }
  EXPECT_FALSE(Resume(bytes + '\0'));
}

TEST_F(Saving, WhatMadeUpBytesGiveIsARunThatCanGoOn) {
  Live();
  const std::string bytes = Save();
  std::size_t refused = 0, taken = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
    const auto resumed = Resume(changed);
    if (!resumed) {
      ++refused;
      ASSERT_EQ(resumed.error().code, ErrorCode::kFile) << at;
      continue;
    }
    ++taken;
    GoOn(**resumed);
  }
  EXPECT_GT(refused, 100u);
  EXPECT_GT(taken, 100u) << "a weight may be any number";
}

TEST_F(Saving, AnotherFormatIsNamed) {
  std::string bytes = Save();
  // After the length of the mark (8 bytes) and the mark: the version.
  const std::size_t at = 8 + std::string_view("DEL-Step state").size();
  ASSERT_EQ(bytes[at], 5);
  bytes[at] = 6;
  const auto resumed = Resume(bytes);
  ASSERT_FALSE(resumed);
  EXPECT_THAT(resumed.error().message, HasSubstr("format 6, this program reads format 5"));
}

TEST_F(Saving, OtherDataAreNamed) {
  const std::string bytes = Save();
  Registry registry = fakes::FakeRegistry(fake_.faults);
  registry.data.Add("other", "", [](const Scenario&) -> Result<LoadedData> {
    LoadedData data = fakes::FakeData();
    data.dataset.scale = 2;
    data.dataset.labels = data.dataset.labels.subspan(0, 90);
    data.dataset.floats = data.dataset.floats.subspan(0, 90);
    return data;
  });
  Scenario scenario = sim().scenario();
  scenario.data.name = "other";
  const auto resumed = Simulation::Resume(scenario, registry, bytes);
  ASSERT_FALSE(resumed);
  EXPECT_EQ(resumed.error().code, ErrorCode::kFile);
  EXPECT_THAT(resumed.error().message, HasSubstr("made with 100 examples of fake"));
  EXPECT_THAT(resumed.error().message, HasSubstr("here is 90 examples of fake"));
}

TEST_F(Saving, AnotherLayoutIsNamed) {
  const std::string bytes = Save();
  Scenario other = sim().scenario();
  other.model.learner = "fake-with-buffer";
  const auto resumed = Simulation::Resume(other, fake_.registry, bytes);
  ASSERT_FALSE(resumed);
  EXPECT_EQ(resumed.error().code, ErrorCode::kFile);
  EXPECT_THAT(resumed.error().message, HasSubstr("it has nothing more, here is 'buffer' of 1"));
}

}  // namespace
}  // namespace delstep
