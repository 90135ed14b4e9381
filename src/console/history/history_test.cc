#include "console/history/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/fake_parts.h"

namespace delstep {
namespace {

using testing::HasSubstr;

constexpr Bytes kMiB = Bytes{1} << 20;

class HistoryTest : public testing::Test {
 protected:
  HistoryTest() { Start({}); }
  void Start(std::optional<Bytes> memory) {
    Scenario scenario = fakes::FakeRun::DefaultScenario();
    scenario.history.memory = memory;
    scenario.data.test_fraction = 0.2;  // something to test on
    history_.reset();
    simulation_ = *Simulation::Create(scenario, fake_.registry);
    history_.emplace(*simulation_, config_);
  }
  Result<void> Train() {
    EXPECT_TRUE(simulation_->Train(simulation_->Nodes()));
    return history_->Note({.text = "train"});
  }
  bool IsKept(MomentNumber moment) const { return history_->SnapshotOf(moment) != nullptr; }

  fakes::FakeRun fake_;
  Config config_{fake_.registry};
  std::unique_ptr<Simulation> simulation_;
  std::optional<History> history_;
};

TEST_F(HistoryTest, GoesBackAndForth) {
  const std::uint64_t start = simulation_->WorldHash();
  ASSERT_TRUE(Train());
  const std::uint64_t trained = simulation_->WorldHash();
  ASSERT_TRUE(history_->Undo(1));
  EXPECT_EQ(simulation_->WorldHash(), start);
  ASSERT_TRUE(history_->Redo(1));
  EXPECT_EQ(simulation_->WorldHash(), trained);
}

TEST_F(HistoryTest, WithoutMemoryThePresentAloneIsKept) {
  Start(0);
  ASSERT_TRUE(Train());
  ASSERT_TRUE(Train());
  EXPECT_TRUE(IsKept(2));
  EXPECT_FALSE(IsKept(1));
  EXPECT_EQ(history_->oldest(), 2u);
  const auto undone = history_->Undo(1);
  ASSERT_FALSE(undone);
  EXPECT_EQ(undone.error().code, ErrorCode::kRefused);
  EXPECT_THAT(undone.error().message, HasSubstr("moment 1 is not kept any more"));
  EXPECT_EQ(history_->moments().present().number, 2u);
}

// The limit is set so that it is passed after some moments: how many, rows decide, so only the
// order is asserted.
TEST_F(HistoryTest, TheOldestGoFirstAndNamedOnesLast) {
  Start(kMiB);
  ASSERT_TRUE(Train());
  ASSERT_TRUE(history_->Mark("early"));
  std::uint64_t moments = 1;
  while (IsKept(2) || moments < 3) {
    ASSERT_TRUE(Train());
    ASSERT_LT(++moments, 100'000u);
  }
  EXPECT_FALSE(IsKept(0));
  EXPECT_TRUE(IsKept(1));
  EXPECT_TRUE(IsKept(moments));
  EXPECT_EQ(history_->oldest(), 3u);
  ASSERT_TRUE(history_->GoTo("early"));
  EXPECT_EQ(history_->moments().present().number, 1u);
}

TEST_F(HistoryTest, AnotherWorldAfterTheRecordedCommandIsAFault) {
  ASSERT_TRUE(Train());
  ASSERT_TRUE(history_->Undo(1));
  const std::vector<NodeId> one = {NodeId{0}};
  ASSERT_TRUE(simulation_->Train(one));
  const auto noted = history_->Note({.text = "train"});
  ASSERT_FALSE(noted);
  EXPECT_THAT(noted.error().message, HasSubstr("left another world than it did before"));
  EXPECT_THAT(noted.error().message, HasSubstr("differs in node "));
  EXPECT_EQ(history_->moments().branch().name, "main-2");
}

TEST_F(HistoryTest, CodeOfTheUsersThatChangesItsMindIsNoFaultAndLeavesNothing) {
  ASSERT_TRUE(Train());
  ASSERT_TRUE(history_->Undo(1));
  const std::string rule = simulation_->scenario().aggregation.name;
  history_->AskForOwnCode([&](std::string_view key, const std::string& name) {
    return key == "aggregation.name" && name == rule;
  });
  const auto before = simulation_->WorldHash();
  const std::vector<NodeId> one = {NodeId{0}};
  ASSERT_TRUE(simulation_->Train(one));
  const auto noted = history_->Note({.text = "train"});
  ASSERT_FALSE(noted);
  EXPECT_THAT(noted.error().message, HasSubstr("differs in node "));
  EXPECT_THAT(noted.error().hint,
              HasSubstr("aggregation rule '" + rule + "' gives another result"));
  EXPECT_EQ(simulation_->WorldHash(), before);
  EXPECT_EQ(history_->moments().present().number, 0u);
  EXPECT_EQ(history_->moments().all().size(), 2u);  // and the one that was undone is still there
  EXPECT_TRUE(history_->Redo(1));
}

// What single nodes do takes part too, whether it is known by its name or is a file.
TEST_F(HistoryTest, ABehaviourOfOneNodeThatChangesItsMindIsNoFaultEither) {
  history_.reset();
  simulation_.reset();
  const MakeBehaviour none = **fake_.registry.behaviours.Find("none");
  fake_.registry.behaviours.Add("idle", "", none);
  fake_.registry.behaviours.AddFiles(".cpp", "", none);
  const std::vector<NodeId> one = {NodeId{0}};
  for (const auto& [name, blamed] :
       {std::pair<std::string, std::string>("idle", "behaviour 'idle'"),
        {"own/mine.cpp", "own/mine.cpp"}}) {
    Start({});
    history_->AskForOwnCode([](std::string_view key, const std::string& own) {
      return key == "behaviour.name" && own == "idle";
    });
    Scenario changed = simulation_->scenario();
    changed.behaviour.name = name;
    ASSERT_TRUE(simulation_->Reconfigure(changed, "behaviour.name", name, one));
    ASSERT_TRUE(history_->Note({.text = "set"}));
    ASSERT_TRUE(Train());
    ASSERT_TRUE(history_->Undo(1));
    ASSERT_TRUE(simulation_->Train(one));
    const auto noted = history_->Note({.text = "train"});
    ASSERT_FALSE(noted);
    EXPECT_THAT(noted.error().hint, HasSubstr(blamed + " gives another result"));
    EXPECT_EQ(history_->moments().branch().name, "main");
  }
}

// The same words as before, and a file that holds something else by now: what comes after them need not be
// what came then.
TEST_F(HistoryTest, ASetThatNamesAFileWhichHasChangedIsAnotherCommand) {
  history_.reset();
  simulation_.reset();
  std::uint64_t content = 1;
  fake_.registry.aggregators.AddFiles(".rule", "",
                                      *fake_.registry.aggregators.Find("median").value());
  fake_.registry.hash_source = [&](const std::string&) { return std::optional(content); };
  Start({});
  const auto set = [&] {
    Scenario changed = simulation_->scenario();
    changed.aggregation.name = "own.rule";
    ASSERT_TRUE(simulation_->Reconfigure(changed, "aggregation.name", "own.rule"));
    ASSERT_TRUE(history_->Note({.text = "set aggregation.name own.rule"}));
  };
  set();
  ASSERT_TRUE(Train());
  ASSERT_TRUE(history_->Undo(2));
  set();
  EXPECT_EQ(history_->moments().present().number, 1u) << "the same file: the recorded moment";
  ASSERT_TRUE(history_->Undo(1));
  content = 2;
  set();
  EXPECT_EQ(history_->moments().present().number, 3u);
  EXPECT_EQ(history_->moments().branch().name, "main-2");
  ASSERT_TRUE(Train());
  EXPECT_EQ(history_->moments().present().number, 4u);
}

TEST_F(HistoryTest, TheRecordedCommandGivenAgainKeepsTheTestsOfItsMoment) {
  using Kind = EvaluationScope::Kind;
  const auto test = [&](Kind kind) {
    ASSERT_TRUE(simulation_->Evaluate(simulation_->Nodes(), {kind, {}}));
    history_->Refresh();
  };
  ASSERT_TRUE(Train());
  test(Kind::kGlobal);
  ASSERT_TRUE(history_->Undo(1));
  EXPECT_FALSE(simulation_->LastScope());
  test(Kind::kGeneral);  // of the models before the training
  ASSERT_TRUE(Train());
  const auto expect_both = [&] {
    ASSERT_EQ(history_->moments().present().number, 1u);
    EXPECT_EQ(simulation_->LastScope(), (EvaluationScope{Kind::kGlobal, {}}));
    const NodeView node = simulation_->View(NodeId{0});
    ASSERT_EQ(node.last_tests.size(), 2u);
    EXPECT_EQ(node.last_tests[0].scope.kind, Kind::kGeneral);
    EXPECT_EQ(node.last_tests[1].scope.kind, Kind::kGlobal);
    EXPECT_TRUE(simulation_->IsTestOlder(NodeId{0}, {Kind::kGeneral, {}}));
    EXPECT_FALSE(simulation_->IsTestOlder(NodeId{0}, {Kind::kGlobal, {}}));
  };
  expect_both();
  ASSERT_TRUE(history_->Undo(1));
  ASSERT_TRUE(history_->Redo(1));
  expect_both();
}

TEST_F(HistoryTest, WhatIsTakenBackLeavesNothing) {
  ASSERT_TRUE(Train());
  ASSERT_TRUE(history_->Undo(1));
  const auto before = simulation_->WorldHash();
  simulation_->NextCycle();
  ASSERT_TRUE(config_.SetInRun("training.lr", "0.5"));
  ASSERT_TRUE(history_->TakeBack());
  EXPECT_EQ(simulation_->WorldHash(), before);
  EXPECT_NE(config_.scenario().training.lr, 0.5);
  EXPECT_EQ(history_->moments().branches().size(), 1u);
  EXPECT_TRUE(history_->Redo(1));
}

TEST_F(HistoryTest, WhatWasInterruptedOrIsUncertainMayEndElsewhere) {
  for (const bool failed : {true, false}) {
    Start({});
    ASSERT_TRUE(Train());
    ASSERT_TRUE(history_->Undo(1));
    const std::vector<NodeId> one = {NodeId{0}};
    ASSERT_TRUE(simulation_->Train(one));
    EXPECT_TRUE(history_->Note({.text = "train", .failed = failed, .uncertain = !failed}));
    EXPECT_EQ(history_->moments().present().number, 2u);
  }
}

// What is promised is 100 bytes a node and moment, in a network of some size: a handle is 8, and
// what does not depend on the nodes is shared by all of them. There are 100 examples: one for each.
TEST_F(HistoryTest, AMomentInWhichNothingChangedCostsAtMost100BytesANode) {
  Scenario scenario = fakes::FakeRun::DefaultScenario();
  constexpr std::size_t kNodes = 100;
  scenario.nodes.count = kNodes;
  scenario.topology.name = "line";
  scenario.partition.samples_per_node = 1;
  history_.reset();
  simulation_ = *Simulation::Create(scenario, fake_.registry);
  history_.emplace(*simulation_, config_);
  const auto change_nothing = [&] {
    simulation_->NextCycle();
    ASSERT_TRUE(history_->Note({.text = "cycle"}));
  };
  change_nothing();
  const Bytes before = history_->own_bytes(), rows = simulation_->row_bytes();
  change_nothing();
  EXPECT_EQ(simulation_->row_bytes(), rows);
  EXPECT_GE(history_->own_bytes() - before, kNodes * sizeof(void*)) << "it is counted";
  EXPECT_LE(history_->own_bytes() - before, kNodes * 100);
}

TEST_F(HistoryTest, HasChangedComparesTheWorlds) {
  EXPECT_FALSE(history_->HasChanged(true));
  simulation_->NextCycle();
  EXPECT_TRUE(history_->HasChanged(false));
}

}  // namespace
}  // namespace delstep
