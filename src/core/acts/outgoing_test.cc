#include "core/acts/outgoing.h"

#include <functional>

#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

// A train of the fake learner adds (1, examples, 0.5) to the three numbers of a model; Number() is
// the third one over 0.5, so how often the node has trained, or an average of that.
class WhatNodesSend : public SimulationTest {
 protected:
  Scenario With(const std::string& share, const std::string& compression = "none") {
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.data.test_fraction = 0.25;
    scenario.aggregation.share = share;
    scenario.compression.name = compression;
    scenario.compression.ratio = 0.3;  // one number of three
    return scenario;
  }
  void Begin(const std::string& share, const std::string& compression = "none") {
    Start(With(share, compression));
  }
  void Carry(NodeId from, NodeId to) {
    ASSERT_TRUE(sim().Send(from, to));
    ASSERT_TRUE(sim().NetworkStep());
  }
  /// Changes one value as `set` does.
  template <class Change>
  void Set(std::string_view key, Change change) {
    Scenario changed = sim().scenario();
    change(changed);
    ASSERT_TRUE(sim().Reconfigure(changed, key, "")) << key;
  }
  void SetCompression(const std::string& name) {
    Set("compression.name", [&](Scenario& changed) { changed.compression.name = name; });
  }
  void SetShare(const std::string& share) {
    Set("aggregation.share", [&](Scenario& changed) { changed.aggregation.share = share; });
  }
  void SetFeedback(bool on) {
    Set("compression.error_feedback",
        [&](Scenario& changed) { changed.compression.error_feedback = on; });
  }
  void Train(NodeId node, int times = 1) {
    for (int i = 0; i < times; ++i) SimulationTest::Train({node});
  }
};

TEST_F(WhatNodesSend, AChangeIsAddedToTheModelOfTheLastAggregation) {
  Begin("deltas");
  Train(kA, 2);
  Train(kB, 1);
  Carry(kA, kB);
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), (2 + 1) / 2.0, 1e-6) << "0 + the mean of +2 and +1";
  Train(kB, 1);
  Train(kA, 2);
  Carry(kA, kB);
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), 1.5 + (4 + 1) / 2.0, 1e-6) << "a has not aggregated: its change is +4";
}

TEST_F(WhatNodesSend, AChangeIsTakenOverOnce) {
  Begin("deltas");
  Train(kA, 2);
  Carry(kA, kB);
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), 1, 1e-6);
  EXPECT_FALSE(Aggregate({kB}).aggregated[0].changed) << "the record lives, but has been used";
  EXPECT_NEAR(Number(kB), 1, 1e-6);
}

TEST_F(WhatNodesSend, TheCommunalRateBlendsTheOwnChangeWithTheMean) {
  Begin("deltas");
  Train(kA, 4);
  Train(kB, 2);
  const std::vector<NodeId> b = {kB};
  sim().SetRate(0.25, b);
  Carry(kA, kB);
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), 0.75 * 2 + 0.25 * 3, 1e-6);
}

TEST_F(WhatNodesSend, GradientsAreScaledByTheReceiversRate) {
  Begin("gradients");
  Train(kA, 2);
  Scenario changed = sim().scenario();
  changed.training.lr = 0.25;  // b's steps are half as long, and so is what it makes of a gradient
  ASSERT_TRUE(sim().Reconfigure(changed, "training.lr", "0.25"));
  Train(kB, 2);
  Carry(kA, kB);
  Aggregate({kB});
  // In steps of 0.5: b has moved by 2 * 0.25 / 0.5 = 1, and a's -2 per unit of rate mean 2 * 0.25.
  EXPECT_NEAR(Number(kB), (1 + 1) / 2.0, 1e-6);
}

TEST_F(WhatNodesSend, ARateOfZeroHasNoGradient) {
  Scenario scenario = With("gradients");
  scenario.training.lr = 0;
  Start(scenario);
  const auto report = sim().Send(kA, kB);
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("there is no gradient to share"));
  EXPECT_EQ(sim().queued(), 0u);
}

TEST_F(WhatNodesSend, RobustRulesTakeTheMedianOfChanges) {
  Scenario scenario = With("deltas");
  scenario.aggregation.name = "median";
  Start(scenario);
  Train(kA, 5);
  Train(kB, 1);
  Train(kC, 3);
  Carry(kA, kB);
  Carry(kC, kB);
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), 3, 1e-6) << "of 5, 1 and 3";
}

TEST_F(WhatNodesSend, CompressedParametersAreWhatTheReceiverKnowsPlusTheNews) {
  Begin("parameters", "top-k");
  Train(kA);  // (1, 15, 0.5): the second number is sent, and what the receiver knows is (0, 15, 0)
  const auto report = sim().Send(kA, kB);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->bytes, 64u + 4 + 1) << "one value, and three bits for its place";
  ASSERT_TRUE(sim().NetworkStep());
  Aggregate({kB});
  EXPECT_EQ(Number(kB), 0) << "the third number has not come through";
  // Now the first two are known: of (1, 0, 0.5) the first number goes, then of (0, 0, 0.5) the
  // last.
  Carry(kA, kB);
  Carry(kA, kB);
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), 0.5, 1e-6) << "mean of 0 and 1";
}

TEST_F(WhatNodesSend, WithoutFeedbackTheSameIsLeftOutAgain) {
  Scenario scenario = With("parameters", "top-k");
  scenario.compression.error_feedback = false;
  Start(scenario);
  Train(kA);
  for (int i = 0; i < 3; ++i) Carry(kA, kB);
  Aggregate({kB});
  EXPECT_EQ(Number(kB), 0);
}

TEST_F(WhatNodesSend, WhatWasLeftOutOfAChangeGoesWithTheNext) {
  Begin("deltas", "top-k");
  Train(kA);
  Carry(kA, kC);  // of (1, 15, 0.5) the second number; (1, 0, 0.5) is left out
  Carry(kB, kA);  // no change at all
  Aggregate({kA});
  // Since this aggregation a has not changed, so what it sends is what was left out.
  Carry(kA, kB);  // (1, 0, 0)
  Carry(kA, kB);  // (0, 0, 0.5)
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), 0.5, 1e-6) << "the mean of its own 0 and of the newest message";
}

TEST_F(WhatNodesSend, BuffersAreSentAsTheyAre) {
  for (const char* share : {"parameters", "deltas"}) {
    Scenario scenario = With(share, "top-k");
    scenario.model.learner = "fake-with-buffer";
    Start(scenario);
    Train(kA);  // (1, 15, 0.5), and 1/8 in the buffer
    EXPECT_EQ(sim().Send(kA, kB)->bytes, 64u + 4 + 1 + 4) << "one of three values, and the buffer";
    ASSERT_TRUE(sim().NetworkStep());
    Aggregate({kB});
    EXPECT_EQ(Test(kB).loss, 0.125 / 2) << share << ": the mean of 0 and 1/8";
  }
}

TEST_F(WhatNodesSend, BuffersAreAveragedAsValuesWhateverIsShared) {
  for (const char* share : {"parameters", "deltas", "gradients"})
    for (const char* rule : {"fedavg", "median"}) {
      Scenario scenario = With(share);
      scenario.model.learner = "fake-with-buffer";
      scenario.aggregation.name = rule;
      Start(scenario);
      // A train adds 1/8 to the buffer, which a test gives as the loss. b aggregates first, so that
      // its anchor differs from a's.
      Train(kA, 4);
      Train(kB, 2);
      Carry(kA, kB);
      Aggregate({kB});
      EXPECT_NEAR(Test(kB).loss, (4 + 2) / 2.0 / 8, 1e-6) << share << " " << rule;
      Carry(kB, kA);
      Aggregate({kA});
      EXPECT_NEAR(Test(kA).loss, (4 + 3) / 2.0 / 8, 1e-6) << share << " " << rule;
    }
}

TEST_F(WhatNodesSend, NodesThatStartApartSendTheFirstMessageWhole) {
  Scenario scenario = With("parameters", "top-k");
  scenario.model.init = "per-node";
  Start(scenario);
  EXPECT_EQ(sim().Send(kA, kB)->bytes, 64u + 3 * 4);
  EXPECT_EQ(sim().Send(kA, kB)->bytes, 64u + 4 + 1);
}

// Of the model that was sent before the whole one, (0, 15, 0), the next message made (0, 60, 0): it threw
// b back from the 4 that it had received.
TEST_F(WhatNodesSend, FeedbackThatBeginsAgainBeginsWithAWholeModel) {
  Begin("parameters", "top-k");
  Train(kA);
  Carry(kA, kB);
  SetCompression("none");
  Train(kA, 3);  // (4, 60, 2)
  Carry(kA, kB);
  SetCompression("top-k");
  EXPECT_EQ(sim().Send(kA, kB)->bytes, 64u + 3 * 4) << "three numbers of four bytes";
  ASSERT_TRUE(sim().NetworkStep());
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), (0 + 4) / 2.0, 1e-6);
  EXPECT_EQ(sim().Send(kA, kB)->bytes, 64u + 4 + 1) << "news alone: one value, and three bits";
}

TEST_F(WhatNodesSend, ReceiversKnowNothingThatWasSentWithoutFeedbackOrAsAChange) {
  Scenario scenario = With("parameters", "top-k");
  scenario.compression.error_feedback = false;
  Start(scenario);
  Train(kA);
  Carry(kA, kB);
  SetFeedback(true);
  EXPECT_EQ(sim().Send(kA, kB)->bytes, 64u + 3 * 4);
  EXPECT_EQ(sim().Send(kA, kB)->bytes, 64u + 4 + 1);
  SetShare("deltas");
  SetShare("parameters");
  EXPECT_EQ(sim().Send(kA, kB)->bytes, 64u + 3 * 4);
}

TEST_F(WhatNodesSend, AnotherCompressorGoesOnFromWhatReceiversKnow) {
  Begin("parameters", "top-k");
  Train(kA);
  Carry(kA, kB);
  SetCompression("int8");
  EXPECT_EQ(sim().Send(kA, kB)->bytes, 64u + 3 + 4) << "three levels and a scale";
}

TEST_F(WhatNodesSend, WhatWasLeftOutOfADeltaIsNoPartOfAGradient) {
  Begin("deltas", "top-k");
  Train(kA);
  Carry(kA, kC);  // of (1, 15, 0.5) the second number; (1, 0, 0.5) is left out
  Carry(kB, kA);
  Aggregate({kA});
  SetShare("gradients");
  Carry(kA, kB);  // a has not changed since; what was left out would be (1, 0, 0) now,
  Carry(kA, kB);  // and (0, 0, 0.5) now
  Aggregate({kB});
  EXPECT_EQ(Number(kB), 0);
}

TEST_F(WhatNodesSend, FeedbackThatBeginsAgainAddsNothingOfBefore) {
  using Act = std::function<void()>;
  const Act feedback = [&] {
    SetFeedback(false);
    SetFeedback(true);
  };
  const Act compression = [&] {
    SetCompression("none");
    SetCompression("top-k");
  };
  for (const Act& act : {feedback, compression}) {
    Begin("deltas", "top-k");
    Train(kA);
    Carry(kA, kC);  // of (1, 15, 0.5) the second number; (1, 0, 0.5) is left out
    Carry(kB, kA);
    Aggregate({kA});
    act();
    Carry(kA, kB);  // a has not changed since; what was left out would be (1, 0, 0) now,
    Carry(kA, kB);  // and (0, 0, 0.5) now
    Aggregate({kB});
    EXPECT_EQ(Number(kB), 0);
  }
}

TEST_F(WhatNodesSend, AFloodCompressesOnceForAllNeighbours) {
  Begin("parameters", "top-k");
  Train(kA);
  const std::vector<NodeId> a = {kA};
  const std::uint64_t before = sim().WorldHash();
  ASSERT_TRUE(sim().Flood(a));
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_NE(sim().WorldHash(), before);
  Aggregate({kB});
  Aggregate({kC});
  EXPECT_EQ(sim().ModelHash(kB), sim().ModelHash(kC));
}

}  // namespace
}  // namespace delstep
