#include "console/commands/breakpoints.h"

#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

/// Four nodes a, b, c, d in a full mesh; they test on 5 examples each.
class BreakpointsTest : public SimulationTest {
 protected:
  BreakpointsTest() {
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.data.test_fraction = 0.25;
    scenario.nodes.names = {"a", "b", "c", "d"};
    Start(scenario);
    sim().Observe([this](const Event& event) { breaks().Learn(event); });
  }
  Breakpoints& breaks() {
    if (!breaks_) breaks_.emplace(sim());
    return *breaks_;
  }

  void Break(std::string_view condition) {
    auto parsed = ParseBreakCondition(condition);
    ASSERT_TRUE(parsed) << parsed.error().message;
    ASSERT_TRUE(CheckNames(*parsed, SimulationDirectory(sim())));
    breaks().Add(*std::move(parsed));
  }
  void Deliver(NodeId from, NodeId to) {
    ASSERT_TRUE(sim().Send(from, to));
    ASSERT_TRUE(sim().NetworkStep());
  }
  /// What has hit since the last call: "1: lost is 2".
  std::vector<std::string> Hits() {
    std::vector<std::string> said;
    for (const BreakHit& hit : breaks().Take())
      said.push_back(std::to_string(hit.number) + ": " + hit.what);
    return said;
  }

  std::optional<Breakpoints> breaks_;
};

TEST_F(BreakpointsTest, AHappeningHitsEachTimeAndConditionsWhenTheyBecomeTrue) {
  Break("train a");
  Break("trained(a) >= 2");
  Train({kA});
  EXPECT_THAT(Hits(), ElementsAre(HasSubstr("1: a trained on 15 examples, with a loss of ")));
  Train({kA});
  EXPECT_THAT(Hits(), ElementsAre(HasSubstr("1: a trained"), "2: trained(a) is 2"));
  Train({kB});
  EXPECT_THAT(Hits(), IsEmpty()) << "it holds, as before";
  EXPECT_EQ(breaks().list()[0].hits, 2u);
  EXPECT_EQ(breaks().list()[1].hits, 1u);
}

TEST_F(BreakpointsTest, AConditionThatHoldsAlreadyHitsAfterItHasNotHeld) {
  Break("queued == 0");
  EXPECT_TRUE(breaks().list()[0].held);
  EXPECT_THAT(Hits(), IsEmpty());
  ASSERT_TRUE(sim().Send(kA, kB));
  EXPECT_THAT(Hits(), IsEmpty());
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_THAT(Hits(), ElementsAre("1: queued is 0"));
}

TEST_F(BreakpointsTest, WhatCannotBeMeasuredYetDoesNotHold) {
  Break("test_acc > 0.1");
  Train({kA});
  EXPECT_THAT(Hits(), IsEmpty());
  Test(kA);
  // One training makes the fake model right on one of the 20 examples that all four hold out.
  EXPECT_THAT(Hits(), IsEmpty());
  Train({kA});
  Train({kA});
  Test(kA);
  EXPECT_THAT(Hits(), ElementsAre("1: test_acc:general(mean) is 0.15"));
}

TEST_F(BreakpointsTest, MessagesHitTheBreakpointsOfTheirEnds) {
  for (const char* each : {"deliver", "deliver b", "deliver a", "meet b a", "meet a c"})
    Break(each);
  Deliver(kA, kB);
  const std::string said = "message 0 from a to b arrived after 10ms";
  EXPECT_THAT(Hits(), ElementsAre("1: " + said, "2: " + said, "4: " + said));
  ASSERT_TRUE(sim().Exchange(kA, kB));
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_THAT(Hits(), ElementsAre("1: message 1 from a to b arrived after 10ms, and 1 more",
                                  "2: message 1 from a to b arrived after 10ms",
                                  "3: message 2 from b to a arrived after 10ms",
                                  "4: message 1 from a to b arrived after 10ms, and 1 more"));
}

TEST_F(BreakpointsTest, ALossHitsThoseOfTheSenderAndOfTheReceiver) {
  for (const char* each : {"lost", "lost a", "lost b", "lost c", "down b", "down a"}) Break(each);
  ASSERT_TRUE(sim().SetUp(kB, false));
  EXPECT_THAT(Hits(), ElementsAre("5: b went down"));
  Deliver(kA, kB);
  const std::string said = "message 0 from a to b was lost (down)";
  EXPECT_THAT(Hits(), ElementsAre("1: " + said, "2: " + said, "3: " + said));
}

TEST_F(BreakpointsTest, NumbersAreNeverGivenTwice) {
  Break("lost");
  Break("deliver");
  EXPECT_TRUE(breaks().Delete(2));
  EXPECT_FALSE(breaks().Delete(2));
  Break("meet a b");
  ASSERT_EQ(breaks().list().size(), 2u);
  EXPECT_EQ(breaks().list()[1].number, 3u);
}

TEST_F(BreakpointsTest, AfterGoingBackWhatHoldsHasNotBecomeTrue) {
  Break("trained(a) >= 1");
  Break("train a");
  Break("cycle == 0");
  Train({kA});
  EXPECT_THAT(Hits(), testing::SizeIs(2));
  const Snapshot after = *sim().TakeSnapshot();
  sim().NextCycle();
  EXPECT_THAT(Hits(), IsEmpty());
  EXPECT_FALSE(breaks().list()[2].held);
  ASSERT_TRUE(sim().Restore(after));
  EXPECT_THAT(Hits(), IsEmpty());
  EXPECT_TRUE(breaks().list()[2].held) << "and it would have hit";
  Train({kA});
  EXPECT_THAT(Hits(), testing::SizeIs(1)) << "the training";
  EXPECT_EQ(breaks().list()[1].hits, 2u) << "counts are not taken back";
}

TEST_F(BreakpointsTest, ANodeThatHasLeftIsWaitedForInVain) {
  Break("train a");
  ASSERT_TRUE(sim().RemoveNode(kA));
  EXPECT_THAT(Hits(), IsEmpty());
  Train({kB});
  EXPECT_THAT(Hits(), IsEmpty());
}

TEST_F(BreakpointsTest, AnOperatorMakesAMetricOfAWord) {
  for (const char* each : {"lost > 0", "down>0", "train(a) > 1"}) {
    const auto parsed = ParseBreakCondition(each);
    ASSERT_TRUE(parsed) << each << ": " << parsed.error().message;
    EXPECT_TRUE(std::holds_alternative<Expectation>(parsed->what)) << each;
  }
  const auto down = ParseBreakCondition("down b");
  ASSERT_TRUE(down);
  EXPECT_TRUE(std::holds_alternative<HappeningCondition>(down->what));
}

struct Wrong {
  const char* condition;
  const char* message;
};
class BreakConditionErrors : public testing::TestWithParam<Wrong> {};

TEST_P(BreakConditionErrors, AreFoundWhateverTheStateIs) {
  const auto parsed = ParseBreakCondition(GetParam().condition);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, ErrorCode::kUsage);
  EXPECT_EQ(parsed.error().message, GetParam().message);
  EXPECT_NE(parsed.error().hint, "");
}

INSTANTIATE_TEST_SUITE_P(Each, BreakConditionErrors,
                         testing::Values(Wrong{"delivr a",
                                               "'delivr a' is no happening and compares nothing"},
                                         Wrong{"meet a", "'meet' needs more words"},
                                         Wrong{"down", "'down' needs more words"},
                                         Wrong{"deliver a b", "'deliver' takes no more words"},
                                         Wrong{"meet a a", "'a' is the same node twice"},
                                         Wrong{"lost @east", "'@east' is not a single node"},
                                         Wrong{"lost or deliver", "'or' joins no happenings"},
                                         Wrong{"loss > 1", "no metric named 'loss'"}));

TEST_F(BreakpointsTest, AnUnknownNodeIsRefused) {
  const auto parsed = ParseBreakCondition("meet a zoe");
  ASSERT_TRUE(parsed);
  const auto known = CheckNames(*parsed, SimulationDirectory(sim()));
  ASSERT_FALSE(known);
  EXPECT_EQ(known.error().code, ErrorCode::kRefused);
}

}  // namespace
}  // namespace delstep
