// Which turns come, and of which trainings a behaviour hears.
#include <algorithm>
#include <map>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "tests/fakes/time_fixture.h"

namespace delstep {
namespace {

/// A turn as it was taken.
struct TakenTurn {
  SimTime at{};
  NodeId node{};
  std::uint64_t number = 0;
  friend bool operator==(const TakenTurn&, const TakenTurn&) = default;
};

class TurnsTest : public TimeTest {
 protected:
  TurnsTest() {
    scenario_.behaviour.name = "called";
    scenario_.compute.ms_per_example = {.a = 10};  // 20 examples, 1 epoch: a training of 200 ms
    scenario_.training.epochs = 1;
  }
  std::vector<TakenTurn> TurnsAfter(Duration time) {
    std::vector<TakenTurn> turns;
    for (const Event& event : events_)
      if (const auto* turn = std::get_if<TurnTaken>(&event.what); turn && event.at > At(time))
        turns.push_back({event.at, turn->node, turn->turn});
    return turns;
  }
};

// The k-th turn is due k s and up to 3 s after the start. So all up to the 97th are due by 100 s, and
// each comes, though three out of four are overtaken by a later one.
TEST_F(TurnsTest, EachComesWhenItIsDueAlsoWhereTheyOvertakeEachOther) {
  scenario_.behaviour.jitter = 3s;
  Begin();
  RunUntil(100s);
  std::map<std::pair<NodeId, std::uint64_t>, int> taken;
  std::size_t overtaken = 0;
  std::map<NodeId, std::uint64_t> last;
  for (const TakenTurn& turn : TurnsAfter(0s)) {
    const Duration late = turn.at - At(turn.number * 1s);
    EXPECT_GE(late, 0s);
    EXPECT_LT(late, 3s);
    ++taken[{turn.node, turn.number}];
    overtaken += turn.number < last[turn.node];
    last[turn.node] = turn.number;
  }
  EXPECT_GT(overtaken, 40u);
  for (const NodeId node : kAll)
    for (std::uint64_t number = 1; number <= 97; ++number)
      EXPECT_EQ((taken[{node, number}]), 1) << Index(node) << ' ' << number;
}

TEST_F(TurnsTest, AfterTimeThatWasSkippedThoseComeThatAreDueThen) {
  scenario_.behaviour.jitter = 3s;
  Begin();
  RunUntil(100s);
  const std::vector<TakenTurn> all = TurnsAfter(50s);
  Begin();
  ASSERT_TRUE(sim().NetworkStep(50s));
  RunUntil(100s);
  EXPECT_EQ(TurnsAfter(0s), all);
}

TEST_F(TurnsTest, MoreThanAThousandPeriodsOfJitterAreRefused) {
  scenario_.behaviour.jitter = 1000s;
  Begin();
  scenario_.behaviour.jitter = 1001s;
  const auto refused = sim().Reconfigure(scenario_, "behaviour.jitter", "1001s");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "behaviour.jitter = 1001 s is more than 1000 times behaviour.period = 1 s");
  EXPECT_EQ(refused.error().key, "behaviour.jitter");
}

// ---- Trainings that are not the behaviour's own.

TEST_F(TurnsTest, ABehaviourHearsNothingOfATrainingByHand) {
  Begin();
  RunUntil(500ms);
  ASSERT_TRUE(sim().Train(std::vector{kA}));
  RunUntil(900ms);
  EXPECT_THAT(calls_, IsEmpty());
  EXPECT_EQ(sim().View(kA).trained, 1u);
}

// Planned, as `at` does it: A trains from 900 ms to 1100 ms, and its turn of 1 s comes then.
TEST_F(TurnsTest, ATurnThatWaitsForATrainingByHandComesAfterIt) {
  scenario_.nodes.count = 2;
  Begin();
  ASSERT_TRUE(sim().Send(kB, kA));
  RunUntil(900ms);
  calls_.clear();
  ASSERT_TRUE(sim().Train(std::vector{kA}, {}, Waiting::kNo));
  RunUntil(1s);
  ASSERT_TRUE(sim().Send(kB, kA));  // arrives at 1010 ms
  RunUntil(2s);
  EXPECT_THAT(calls_, ElementsAre("1000ms 1 turn", "1100ms 0 turn", "1100ms 0 receive 1",
                                  "2000ms 0 turn", "2000ms 1 turn"));
}

TEST_F(TurnsTest, WhatItDoesNotKnowYetOfItsOwnItHearsAfterOneByHand) {
  act_ = [](const std::string& what, Host& node) {
    if (what == "turn" && node.id() == kA) node.Train();
  };
  Begin();
  RunUntil(1s);
  ASSERT_TRUE(sim().NetworkStep(300ms));  // its training has ended at 1.2 s, and nobody has told
  ASSERT_TRUE(sim().Train(std::vector{kA}));
  calls_.clear();
  RunUntil(1900ms);
  EXPECT_THAT(calls_, ElementsAre("1500ms 0 trained"));
}

TEST_F(TurnsTest, ABehaviourHearsNothingOfWhatTheOneBeforeItBegan) {
  act_ = [](const std::string& what, Host& node) {
    if (what == "turn" && node.id() == kA) node.Train();
  };
  Begin();
  RunUntil(1s);
  ASSERT_TRUE(sim().Reconfigure(scenario_, "behaviour.name", "called"));
  calls_.clear();
  RunUntil(1900ms);
  EXPECT_THAT(calls_, IsEmpty());
  EXPECT_EQ(sim().View(kA).trained, 1u);
}

// The trainings of both nodes are computed when the first of them ends. The fake model's third number
// has grown by the learning rate of the training that counts.
TEST_F(TurnsTest, ATrainingThatWasStoppedLeavesNothingForTheNextOne) {
  scenario_.nodes.count = 2;
  scenario_.behaviour.name = "none";
  scenario_.compute.jitter = 0.5;
  Begin();
  std::stop_source stop;
  sim().Observe([&](const Event& event) {
    if (std::holds_alternative<Trained>(event.what)) stop.request_stop();
  });
  ASSERT_FALSE(sim().Train(std::vector{kA, kB}, stop.get_token()));
  const NodeId left = sim().View(kA).trained == 0 ? kA : kB;
  ASSERT_EQ(sim().View(left).trained, 0u);
  const float before = sim().Model(left).values[2];
  scenario_.training.lr = 4;
  ASSERT_TRUE(sim().Reconfigure(scenario_, "training.lr", "4"));
  ASSERT_TRUE(sim().Train(std::vector{left}));
  EXPECT_EQ(sim().Model(left).values[2], before + 4);
}

}  // namespace
}  // namespace delstep
