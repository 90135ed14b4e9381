// Messages one by one: looked at, taken away, handed over early, queued again.
#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

class MessagesTest : public SimulationWithTests {
 protected:
  /// "0 a>b outbox", "1 a>c flight 10", the arrival in ms.
  std::vector<std::string> Lines(std::vector<NodeId> nodes = {}) {
    std::vector<std::string> lines;
    for (const MessageView& view : sim().Messages(nodes)) {
      const Message& m = view.message;
      std::string line = std::to_string(static_cast<std::uint64_t>(m.id)) + ' ' + Letter(m.from) +
                         '>' + Letter(m.to) + ' ' + std::string(Name(view.state));
      if (view.arrives) {
        const auto at = view.arrives->time_since_epoch();
        line += ' ' + std::to_string(std::chrono::duration_cast<milliseconds>(at).count());
      }
      lines.push_back(std::move(line));
    }
    return lines;
  }
  static char Letter(NodeId node) { return static_cast<char>('a' + Index(node)); }

  static std::vector<MessageId> Ids(std::vector<std::uint64_t> numbers) {
    std::vector<MessageId> ids;
    for (const std::uint64_t number : numbers) ids.push_back(MessageId{number});
    return ids;
  }
  void Drop(std::vector<std::uint64_t> numbers) {
    const auto report = sim().Drop(Ids(std::move(numbers)));
    ASSERT_TRUE(report) << report.error().message;
  }
  void Deliver(std::vector<std::uint64_t> numbers) {
    const auto report = sim().Deliver(Ids(std::move(numbers)));
    ASSERT_TRUE(report) << report.error().message;
  }
  void Step(std::optional<Duration> duration = {}) { ASSERT_TRUE(sim().NetworkStep(duration)); }

  /// sent, delivered, lost, in flight
  std::vector<std::uint64_t> Counts() {
    const Statistics stats = sim().Stats();
    EXPECT_EQ(stats.sent, stats.delivered + stats.lost + stats.in_flight);
    return {stats.sent, stats.delivered, stats.lost, stats.in_flight};
  }
  template <class T>
  void ExpectRefused(const Result<T>& result, const std::string& part) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kRefused);
    EXPECT_THAT(result.error().message, HasSubstr(part));
  }
};

// ---- Looking.

TEST_F(MessagesTest, EachIsListedWhereItIsWithItsArrival) {
  ASSERT_TRUE(sim().Send(kA, kB));  // 0
  ASSERT_TRUE(sim().Send(kA, kD));  // 1
  Step(milliseconds(4));
  ASSERT_TRUE(sim().Send(kB, kC));  // 2
  EXPECT_THAT(Lines(), ElementsAre("2 b>c outbox", "0 a>b flight 10", "1 a>d flight 10"));
  const std::vector<NodeId> b = {kB};
  ASSERT_TRUE(sim().NetworkStep(b));  // sends 2 at 4 ms: until 14 ms
  EXPECT_THAT(Lines(), ElementsAre("2 b>c arrived 14", "1 a>d arrived 10", "0 a>b inbox 10"));
  EXPECT_THAT(Lines({kB}), ElementsAre("2 b>c arrived 14", "0 a>b inbox 10"));
  EXPECT_THAT(Lines({kC, kD}), ElementsAre("2 b>c arrived 14", "1 a>d arrived 10"));
  Aggregate({kB});
  EXPECT_THAT(Lines({kB}), ElementsAre("2 b>c arrived 14")) << "what is aggregated is gone";
}

TEST_F(MessagesTest, ThoseInFlightComeInTheOrderOfTheirArrival) {
  LinkChange slow;
  slow.latency = Latency{.a = milliseconds(30)};
  ASSERT_TRUE(sim().ChangeLink(kA, kB, slow));
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().Send(kA, kC));
  Step(milliseconds(1));
  EXPECT_THAT(Lines(), ElementsAre("1 a>c flight 10", "0 a>b flight 30"));
}

// ---- drop

TEST_F(MessagesTest, WhatIsDroppedInAnOutboxCountsNowhere) {
  ASSERT_TRUE(sim().Flood(std::vector<NodeId>{kA}));
  Drop({1});
  EXPECT_THAT(Lines(), ElementsAre("0 a>b outbox", "2 a>d outbox"));
  EXPECT_EQ(sim().View(kA).outbox, 2u);
  EXPECT_THAT(EventsOf<Lost>(), IsEmpty());
  Step();
  EXPECT_THAT(Counts(), ElementsAre(2, 2, 0, 0));
}

TEST_F(MessagesTest, WhatIsDroppedInFlightIsLostNow) {
  ASSERT_TRUE(sim().Flood(std::vector<NodeId>{kA}));
  Step(milliseconds(4));
  Drop({2, 0});
  EXPECT_THAT(Counts(), ElementsAre(3, 0, 2, 1));
  EXPECT_EQ(sim().View(kA).in_flight_from, 1u);
  EXPECT_EQ(sim().View(kB).in_flight_to, 0u);
  const auto lost = EventsOf<Lost>();
  ASSERT_EQ(lost.size(), 2u);
  EXPECT_EQ(lost[0].message.id, MessageId{2}) << "in the order asked";
  EXPECT_EQ(lost[0].reason, LossReason::kDropped);
  EXPECT_EQ(lost[0].sent, SimTime{});
  EXPECT_EQ(lost[0].at, SimTime{milliseconds(4)});
  const auto lost_by = sim().Traffic().lost_by;
  EXPECT_THAT(lost_by, testing::Contains(std::pair{LossReason::kDropped, std::uint64_t{2}}));
  Step();
  EXPECT_THAT(Lines(), ElementsAre("1 a>c inbox 10"));
}

TEST_F(MessagesTest, WhatIsDroppedInAnInboxIsNoLongerDelivered) {
  Train({kA});
  ASSERT_TRUE(sim().Flood(std::vector<NodeId>{kA}));
  Step();
  EXPECT_THAT(Counts(), ElementsAre(3, 3, 0, 0));
  Drop({0});
  EXPECT_THAT(Counts(), ElementsAre(3, 2, 1, 0));
  for (const LinkTrafficView& link : sim().LinkTraffic()) {
    EXPECT_EQ(link.counts.delivered, link.to == kB ? 0u : 1u);
    EXPECT_EQ(link.in_flight, 0u);
  }
  const auto report = Aggregate({kB, kC});
  EXPECT_FALSE(report.aggregated[0].changed) << "as if it had never come";
  EXPECT_NEAR(Number(kC), (1 + 0) / 2.0, 1e-6);
}

TEST_F(MessagesTest, WhatWaitsIsLostByADropToo) {
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep(std::vector<NodeId>{kA}));
  ASSERT_THAT(Lines(), ElementsAre("0 a>b arrived 10"));
  Drop({0});
  EXPECT_THAT(Counts(), ElementsAre(1, 0, 1, 0));
  Step();
  EXPECT_EQ(sim().View(kB).inbox, 0u);
}

TEST_F(MessagesTest, OfSeveralAllAreDroppedOrNone) {
  ASSERT_TRUE(sim().Send(kA, kB));
  Step(milliseconds(1));
  const std::uint64_t before = sim().WorldHash();
  ExpectRefused(sim().Drop(Ids({0, 1})), "there is no message 1 yet");
  EXPECT_EQ(sim().WorldHash(), before);
  Drop({0});
  ExpectRefused(sim().Drop(Ids({0})), "message 0 is not there any more");
}

TEST_F(MessagesTest, FatesOfOtherMessagesStayWhenOneIsDropped) {
  // Losses are drawn per message of a link; the same twenty, of which one is taken off the wire.
  const auto fates = [&](bool drop) {
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.network.link.loss = 0.5;
    Start(scenario);
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(sim().Send(kA, kB));
    Step(milliseconds(1));
    if (drop) Drop({3});
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(sim().Send(kA, kB));
    Step();
    std::vector<std::string> lines = Lines();
    std::erase_if(lines, [](const std::string& line) { return line.starts_with("3 "); });
    return lines;
  };
  const auto without = fates(false);
  EXPECT_GT(without.size(), 5u);
  EXPECT_EQ(fates(true), without);
}

// ---- deliver

TEST_F(MessagesTest, WhatIsDeliveredArrivesNowAndTheRestLater) {
  Train({kA});
  ASSERT_TRUE(sim().Send(kA, kB));  // 0: trained once
  Train({kA});
  ASSERT_TRUE(sim().Send(kA, kB));  // 1: trained twice
  Step(milliseconds(4));
  Deliver({1});
  EXPECT_EQ(sim().now(), SimTime{milliseconds(4)});
  EXPECT_THAT(Lines(), ElementsAre("0 a>b flight 10", "1 a>b inbox 4"));
  EXPECT_THAT(Counts(), ElementsAre(2, 1, 0, 1));
  Step();
  EXPECT_THAT(Lines(), ElementsAre("1 a>b inbox 4", "0 a>b inbox 10"));
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), (1 + 0) / 2.0, 1e-6) << "the last one of a sender counts: message 0";
}

TEST_F(MessagesTest, SeveralAreDeliveredInTheOrderGiven) {
  ASSERT_TRUE(sim().Send(kA, kD));
  ASSERT_TRUE(sim().Send(kB, kD));
  ASSERT_TRUE(sim().Send(kC, kD));
  Deliver({2, 0});
  EXPECT_THAT(Lines(), ElementsAre("1 b>d outbox", "2 c>d inbox 0", "0 a>d inbox 0"));
}

TEST_F(MessagesTest, WhatIsDeliveredFromAnOutboxIsSentFirst) {
  ASSERT_TRUE(sim().Send(kA, kB));
  Step(milliseconds(2));
  ASSERT_TRUE(sim().Send(kC, kB));
  Deliver({1});
  EXPECT_EQ(sim().View(kC).outbox, 0u);
  EXPECT_THAT(Counts(), ElementsAre(2, 1, 0, 1));
  ASSERT_EQ(EventsOf<Sent>().size(), 2u);
  const auto delivered = EventsOf<Delivered>();
  ASSERT_EQ(delivered.size(), 1u);
  EXPECT_EQ(delivered[0].sent, SimTime{milliseconds(2)});
  EXPECT_EQ(delivered[0].arrived, SimTime{milliseconds(2)});
}

TEST_F(MessagesTest, WhatWaitsIsDeliveredWithTheArrivalThatItHad) {
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep(std::vector<NodeId>{kA}));
  Step(milliseconds(0));
  ASSERT_TRUE(sim().Send(kA, kC));
  ASSERT_TRUE(sim().NetworkStep(std::vector<NodeId>{kA}, milliseconds(30)));
  ASSERT_THAT(Lines(), ElementsAre("1 a>c arrived 20", "0 a>b inbox 10"));
  Deliver({1});
  EXPECT_THAT(Lines(), ElementsAre("0 a>b inbox 10", "1 a>c inbox 20"));
}

TEST_F(MessagesTest, ALinkThatLosesEverythingDoesNotStopADelivery) {
  ASSERT_TRUE(sim().SetDefaultLoss(1));
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().Send(kA, kC));
  Step(milliseconds(1));
  Deliver({0});
  Step();
  EXPECT_THAT(Lines(), ElementsAre("0 a>b inbox 1"));
  EXPECT_THAT(Counts(), ElementsAre(2, 1, 1, 0));
}

TEST_F(MessagesTest, ADeliveryThatCannotBeIsRefusedAndChangesNothing) {
  ASSERT_TRUE(sim().Send(kA, kB));  // 0
  Step();
  ASSERT_TRUE(sim().Send(kC, kB));  // 1
  ASSERT_TRUE(sim().Send(kA, kD));  // 2
  ASSERT_TRUE(sim().SetUp(kD, false));
  ASSERT_TRUE(sim().SetUp(kC, false));
  const std::uint64_t before = sim().WorldHash();
  ExpectRefused(sim().Deliver(Ids({0})), "is in the inbox of 10.0.0.2 already");
  ExpectRefused(sim().Deliver(Ids({1})), "message 1 cannot be sent: 10.0.0.3 is down");
  ExpectRefused(sim().Deliver(Ids({2})), "message 2 cannot arrive: 10.0.0.4 is down");
  ExpectRefused(sim().Deliver(Ids({9})), "there is no message 9 yet");
  ASSERT_TRUE(sim().RemoveNode(kD));
  EXPECT_NE(sim().WorldHash(), before);
  ExpectRefused(sim().Deliver(Ids({2})), "message 2 was for 10.0.0.4, which has left");
}

// ---- resend

TEST_F(MessagesTest, WhatIsResentSaysWhatItSaidUnderANewNumber) {
  Train({kA});
  ASSERT_TRUE(sim().Send(kA, kB));
  Train({kA});
  Step(milliseconds(1));
  const auto queued = sim().Resend(MessageId{0});
  ASSERT_TRUE(queued) << queued.error().message;
  EXPECT_EQ(queued->id, MessageId{1});
  EXPECT_EQ(queued->bytes, 76u);
  EXPECT_THAT(Lines(), ElementsAre("1 a>b outbox", "0 a>b flight 10"));
  EXPECT_EQ(EventsOf<Queued>().size(), 2u);
  Drop({0});
  Step();
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), (1 + 0) / 2.0, 1e-6) << "its sender had trained once";
}

TEST_F(MessagesTest, WhatWasAggregatedCanBeResentFromTheGuestbookAndNotDropped) {
  Train({kA});
  ASSERT_TRUE(sim().Send(kA, kB));
  Step();
  Aggregate({kB});
  ExpectRefused(sim().Drop(Ids({0})), "message 0 from 10.0.0.1 was aggregated by 10.0.0.2");
  const auto queued = sim().Resend(MessageId{0});
  ASSERT_TRUE(queued) << queued.error().message;
  EXPECT_EQ(queued->bytes, 76u);
  EXPECT_THAT(Lines(), ElementsAre("1 a>b outbox"));
}

TEST_F(MessagesTest, AMomentBringsBackWhatAMessageSaid) {
  Train({kA});
  ASSERT_TRUE(sim().Send(kA, kB));
  const auto moment = sim().TakeSnapshot();
  ASSERT_TRUE(moment);
  Train({kA});
  Drop({0});
  ExpectRefused(sim().Resend(MessageId{0}), "message 0 is not there any more");
  EXPECT_TRUE(sim().Holds(*moment, MessageId{0}));
  EXPECT_FALSE(sim().Holds(*moment, MessageId{1}));
  ASSERT_TRUE(sim().Resend(*moment, MessageId{0}));
  Step();
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), (1 + 0) / 2.0, 1e-6) << "its sender had trained once";
}

// Which models would be others if this message had not come? Only those that it could reach.
TEST_F(MessagesTest, ADroppedMessageChangesNothingOutsideOfItsCone) {
  const auto hashes = [&](bool drop) {
    Start(FakeRun::DefaultScenario());
    // Differently often, so that all models differ.
    Train(kAll);
    Train({kA, kC});
    Train({kA});
    // a > b, then b > c; d hears of nobody but c's old model.
    EXPECT_TRUE(sim().Send(kA, kB));
    EXPECT_TRUE(sim().Send(kC, kD));
    Step();
    if (drop) Drop({0});
    Aggregate({kB, kD});
    EXPECT_TRUE(sim().Send(kB, kC));
    Step();
    Aggregate({kC});
    std::vector<std::uint64_t> models;
    for (const NodeId node : kAll) models.push_back(sim().ModelHash(node));
    return models;
  };
  const auto with = hashes(false), without = hashes(true);
  EXPECT_EQ(with[0], without[0]);
  EXPECT_NE(with[1], without[1]);
  EXPECT_NE(with[2], without[2]) << "by way of b";
  EXPECT_EQ(with[3], without[3]);
}

TEST_F(MessagesTest, AResendIsRefusedWhereASendWouldBe) {
  ASSERT_TRUE(sim().Send(kA, kB));
  Step();
  ASSERT_TRUE(sim().SetUp(kA, false));
  ExpectRefused(sim().Resend(MessageId{0}), "10.0.0.1 is down");
  ASSERT_TRUE(sim().SetUp(kA, true));
  ExpectRefused(sim().Resend(MessageId{5}), "there is no message 5 yet");
  ASSERT_TRUE(sim().RemoveNode(kA));
  ExpectRefused(sim().Resend(MessageId{0}), "10.0.0.1 has left");
  EXPECT_EQ(sim().queued(), 0u);
}

}  // namespace
}  // namespace delstep
