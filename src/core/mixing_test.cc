#include "core/mixing.h"

#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

/// Four nodes; links as each test says.
class MixingTest : public SimulationTest {
 protected:
  MixingTest() { sim().KeepCycleStarts(); }
  void Deliver(NodeId from, NodeId to) {
    ASSERT_TRUE(sim().Send(from, to));
    ASSERT_TRUE(sim().NetworkStep());
  }
  std::vector<NodeId> ReachedFrom(NodeId node) {
    for (const NodeMixing& each : sim().Mixing().nodes)
      if (each.node == node) return each.reached_from;
    ADD_FAILURE() << "no such node";
    return {};
  }
};

TEST_F(MixingTest, ACycleWithoutMessagesHasMixedNothing) {
  const MixingView view = sim().Mixing();
  EXPECT_EQ(view.delivered, 0u);
  EXPECT_EQ(view.pairs, 0u);
  EXPECT_EQ(view.parts, 4u);
  EXPECT_EQ(view.spectral_gap, 0);
  ASSERT_EQ(view.nodes.size(), 4u);
  EXPECT_THAT(view.nodes[0].reached_from, IsEmpty());
  EXPECT_EQ(view.consensus_before, 0) << "all begin with the same parameters";
}

TEST_F(MixingTest, AFloodOfAFullMeshHasTheGapOne) {
  ASSERT_TRUE(sim().Flood(kAll));
  ASSERT_TRUE(sim().NetworkStep());
  const MixingView view = sim().Mixing();
  EXPECT_EQ(view.delivered, 12u);
  EXPECT_EQ(view.pairs, 6u);
  EXPECT_EQ(view.parts, 1u);
  EXPECT_NEAR(view.spectral_gap, 1, 1e-12);
  EXPECT_EQ(view.nodes[0].received, 3u);
  EXPECT_THAT(view.nodes[0].reached_from, ElementsAre(kB, kC, kD));
  EXPECT_EQ(view.nodes[0].reaches, 3u);
}

// A star of 4: 1/4, see the test of the gap.
TEST_F(MixingTest, OnlyWhatWasDeliveredIsAnEdgeInWhicheverDirection) {
  LinkChange down;
  down.up = false;
  ASSERT_TRUE(sim().ChangeLink(kB, kC, down));
  Deliver(kA, kB);
  Deliver(kC, kA);
  Deliver(kD, kA);
  Deliver(kB, kC);  // lost
  Deliver(kA, kB);  // once more
  const MixingView view = sim().Mixing();
  EXPECT_EQ(view.delivered, 4u);
  EXPECT_EQ(view.pairs, 3u);
  EXPECT_NEAR(view.spectral_gap, 0.25, 1e-9);
}

// One of the two edges is as if it had never been.
TEST_F(MixingTest, AChainNeedsMessagesThatWereQueuedAfterTheDelivery) {
  Deliver(kA, kB);
  Deliver(kB, kC);
  EXPECT_THAT(ReachedFrom(kC), ElementsAre(kA, kB));
  EXPECT_THAT(ReachedFrom(kB), ElementsAre(kA));
  EXPECT_EQ(sim().Mixing().nodes[0].reaches, 2u);
  EXPECT_EQ(sim().Mixing().nodes[2].reaches, 0u);
  // The other way round nothing of c's comes to a: what b had queued does not know of it.
  ASSERT_TRUE(sim().Send(kB, kA));
  ASSERT_TRUE(sim().Send(kD, kB));
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_THAT(ReachedFrom(kA), ElementsAre(kB));
  EXPECT_THAT(ReachedFrom(kB), ElementsAre(kA, kD));
}

// Queued before b got anything, delivered after it: what it says is of before.
TEST_F(MixingTest, ALateMessageBringsWhatItsSenderKnewWhenItWasQueued) {
  ASSERT_TRUE(sim().Send(kB, kC));
  const std::vector<NodeId> a = {kA};
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep(a));  // a's message alone
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_THAT(ReachedFrom(kC), ElementsAre(kB));
}

// One of the two edges is as if it had never been.
TEST_F(MixingTest, AMessageThatWasDroppedFromItsInboxCountsNoMore) {
  Deliver(kA, kB);
  Deliver(kB, kC);
  ASSERT_TRUE(sim().Drop(std::vector{MessageId{0}}));
  EXPECT_EQ(sim().Mixing().delivered, 1u);
  EXPECT_EQ(sim().Mixing().pairs, 1u);
  EXPECT_THAT(ReachedFrom(kB), IsEmpty());
  EXPECT_THAT(ReachedFrom(kC), ElementsAre(kB));
}

// Its number is new, and what it says is not.
TEST_F(MixingTest, AMessageThatIsSentAgainBringsWhatItsSenderKnewAtFirst) {
  Deliver(kB, kC);
  Deliver(kA, kB);
  ASSERT_TRUE(sim().Resend(MessageId{0}));
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_THAT(ReachedFrom(kC), ElementsAre(kB));
  Aggregate({kC});
  // Of the record in the guestbook too, which has the number of the second message.
  ASSERT_TRUE(sim().Resend(MessageId{2}));
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_THAT(ReachedFrom(kC), ElementsAre(kB));
  Deliver(kB, kC);
  EXPECT_THAT(ReachedFrom(kC), ElementsAre(kA, kB));
}

TEST_F(MixingTest, ACycleBeginsAnewWithTheModelsThatItFinds) {
  Train({kA});
  const double before = sim().ConsensusDistance();
  EXPECT_GT(before, 0);
  Deliver(kA, kB);
  sim().NextCycle();
  Deliver(kB, kC);
  Aggregate({kB});
  const MixingView view = sim().Mixing();
  EXPECT_EQ(view.delivered, 1u);
  EXPECT_THAT(ReachedFrom(kC), ElementsAre(kB)) << "a's message came in the cycle before";
  EXPECT_EQ(view.consensus_before, before);
  EXPECT_EQ(view.consensus_after, sim().ConsensusDistance());
  EXPECT_LT(view.consensus_after, before);
}

TEST_F(MixingTest, ModelsOfTheCyclesStartAreNotCountedAsThoseOfNodes) {
  EXPECT_EQ(sim().Memory().old_models, 0u) << "they are the nodes' own yet";
  EXPECT_EQ(sim().Memory().distinct_models, 1u) << "common parameters";
  Train(kAll);
  EXPECT_EQ(sim().Memory().old_models, 1u) << "these parameters";
  EXPECT_EQ(sim().Memory().distinct_models, 4u);
  sim().NextCycle();
  EXPECT_EQ(sim().Memory().old_models, 0u);
  Train({kA, kB});
  EXPECT_EQ(sim().Memory().old_models, 2u);
  EXPECT_EQ(sim().Memory().distinct_models, 4u);
  EXPECT_EQ(sim().Memory().old_model_rows, 2 * 16 * sizeof(float)) << "rows are rounded up to 16";
}

TEST_F(MixingTest, GoingBackTakesTheRecordBack) {
  Train({kA});
  sim().NextCycle();
  Deliver(kA, kB);
  const MixingView then = sim().Mixing();
  const Snapshot moment = *sim().TakeSnapshot();
  Aggregate({kB});
  sim().NextCycle();
  Deliver(kB, kC);
  ASSERT_TRUE(sim().Restore(moment));
  EXPECT_EQ(sim().Mixing().delivered, 1u);
  EXPECT_THAT(ReachedFrom(kB), ElementsAre(kA));
  EXPECT_EQ(sim().Mixing().consensus_before, then.consensus_before);
  EXPECT_GT(*then.consensus_before, 0);
}

TEST_F(MixingTest, UnlessAskedForNothingIsKeptOfTheCyclesStart) {
  Start(FakeRun::DefaultScenario());
  Train(kAll);
  sim().NextCycle();
  Train(kAll);
  EXPECT_EQ(sim().Memory().old_models, 0u);
  EXPECT_FALSE(sim().Mixing().consensus_before);
}

TEST_F(MixingTest, NodesThatHaveLeftAreNoPartOfTheGraph) {
  Deliver(kA, kB);
  Deliver(kB, kC);
  ASSERT_TRUE(sim().RemoveNode(kB));
  const MixingView view = sim().Mixing();
  EXPECT_EQ(view.nodes.size(), 3u);
  EXPECT_EQ(view.pairs, 0u);
  EXPECT_THAT(ReachedFrom(kC), ElementsAre(kA)) << "it brought a's before it left";
}

TEST(DeliveryLog, KeepsTheFirstAndCountsTheOthers) {
  DeliveryLog log;
  for (std::size_t i = 0; i < DeliveryLog::kCapacity + 3; ++i)
    log.Note({.from = kA, .to = kB, .message = i, .taken = i, .queued_before = i + 1});
  EXPECT_EQ(log.size(), DeliveryLog::kCapacity);
  EXPECT_EQ(log.left_out(), 3u);
  EXPECT_EQ(log.Values().back().message, DeliveryLog::kCapacity - 1);
  DeliveryLog copy;
  copy.Set(log.Values(), log.left_out());
  EXPECT_EQ(copy.size(), log.size());
  EXPECT_EQ(copy.left_out(), 3u);
}

TEST(DeliveryLog, WhatIsRemovedLeavesTheOthersInOrder) {
  DeliveryLog log;
  for (std::uint64_t i = 0; i < 3000; ++i) log.Note({.from = kA, .to = kB, .message = i});
  const DeliveryLog copy = log;
  const std::vector<std::uint64_t> removed = {5, 7, 9999};
  log.Remove(removed);
  log.Note({.from = kA, .to = kB, .message = 3000});
  EXPECT_EQ(log.size(), 2999u);
  const std::vector<Delivery> values = log.Values();
  ASSERT_EQ(values.size(), 2999u);
  EXPECT_EQ(values[5].message, 6u);
  EXPECT_EQ(values[6].message, 8u);
  EXPECT_EQ(values.back().message, 3000u);
  EXPECT_EQ(copy.Values()[5].message, 5u) << "a moment keeps its own";
}

TEST(DeliveryLog, CopiesShareAllButTheLastPart) {
  DeliveryLog log;
  for (std::uint64_t i = 0; i < 5000; ++i) log.Note({.from = kA, .to = kB, .message = i});
  const DeliveryLog copy = log;
  EXPECT_LT(copy.OwnBytes(log), 100u) << "handles of parts";
  log.Note({});
  EXPECT_LT(log.OwnBytes(copy), 1024 * sizeof(Delivery) + 100);
  EXPECT_EQ(copy.size(), 5000u);
}

}  // namespace
}  // namespace delstep
