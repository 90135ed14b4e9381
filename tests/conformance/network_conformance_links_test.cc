// Links: what they do to a message, and what their going away does.
#include "tests/conformance/network_conformance.h"

namespace delstep {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(NetworkConformance, MessagesOnALinkQueueBehindEachOther) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  // 1000 bytes at 1 Mbit/s: 8000 bits, 8 ms each; then 5 ms on the way.
  LinkProperties link = WithLatency(5ms);
  link.bandwidth = 1e6;
  auto driver = Make(3, link);
  driver.Send(0, 0, 1);
  driver.Send(1, 0, 1);
  driver.Send(2, 0, 2);  // no link shares with another, not even with its reverse
  driver.Send(3, 1, 0);
  EXPECT_THAT(Lines(driver.AdvanceTo(15ms)),
              ElementsAre(Arrived(0, 13ms), Arrived(2, 13ms), Arrived(3, 13ms)));
  // The link is busy until 16 ms, so this one leaves at 24 ms.
  driver.Send(4, 0, 1);
  EXPECT_THAT(Lines(driver.Drain()), ElementsAre(Arrived(1, 21ms), Arrived(4, 29ms)));
  // Idle since 24 ms, now is 29 ms: it leaves at 37 ms.
  driver.Send(5, 0, 1);
  EXPECT_THAT(Lines(driver.Drain()), ElementsAre(Arrived(5, 42ms)));
}

TEST_P(NetworkConformance, TransmissionIsRoundedUpToWholeNanoseconds) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  // 1 byte at 3 bit/s: 2.666... s. 101,800 bytes at 10 Mbit/s: 81.44 ms.
  auto driver = Make(3, {.bandwidth = 3});
  driver.SetLink(0, 2, {.bandwidth = 1e7});
  driver.Send(0, 0, 1, 1);
  driver.Send(1, 0, 2, 101'800);
  EXPECT_THAT(Lines(driver.Drain()),
              ElementsAre(Arrived(1, 81'440us), Arrived(0, 2'666'666'667ns)));
}

TEST_P(NetworkConformance, OnALinkOfInfiniteBandwidthNothingQueues) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(2, WithLatency(5ms));
  for (std::uint64_t id = 0; id < 3; ++id) driver.Send(id, 0, 1, 1'000'000'000);
  EXPECT_THAT(Lines(driver.Drain()),
              ElementsAre(Arrived(0, 5ms), Arrived(1, 5ms), Arrived(2, 5ms)));
}

TEST_P(NetworkConformance, ALostMessageOccupiesTheLinkAndEndsAtItsWouldBeArrival) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  LinkProperties link = WithLatency(5ms);
  link.bandwidth = 1e6;
  auto driver = Make(2, link);
  LinkProperties lossy = link;
  lossy.loss = 1;
  driver.SetLink(0, 1, lossy);
  driver.Send(0, 0, 1);  // 8 ms on the link
  driver.SetLink(0, 1, link);
  driver.Send(1, 0, 1);
  EXPECT_THAT(Lines(driver.Drain()),
              ElementsAre(LostAt(0, 13ms, LossReason::kLoss), Arrived(1, 21ms)));
}

TEST_P(NetworkConformance, SingleLinksKeepTheirPropertiesWhenTheDefaultChanges) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(3, WithLatency(1ms));
  driver.SetLink(0, 1, WithLatency(50ms));
  driver.SetDefaultLink(WithLatency(2ms));
  driver.Attach(3);
  driver.Send(0, 0, 1);
  driver.Send(1, 1, 0);  // one direction only was set
  driver.Send(2, 0, 3);  // later nodes have the default too
  EXPECT_THAT(Lines(driver.Drain()),
              ElementsAre(Arrived(1, 2ms), Arrived(2, 2ms), Arrived(0, 50ms)));
}

TEST_P(NetworkConformance, AChangedLinkLeavesMessagesOnTheWayTheirArrival) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(3, WithLatency(20ms));
  driver.Send(0, 0, 1);
  driver.Send(1, 0, 2);
  driver.AdvanceTo(5ms);
  driver.SetLink(0, 1, {.loss = 1, .latency = {Latency::Kind::kConstant, 1ms, {}}});
  driver.SetDefaultLink({.loss = 1});
  EXPECT_THAT(Lines(driver.Drain()), ElementsAre(Arrived(0, 20ms), Arrived(1, 20ms)));
}

TEST_P(NetworkConformance, ALinkThatGoesDownEndsItsMessagesNow) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(3, WithLatency(20ms));
  driver.Send(0, 0, 1);
  driver.Send(1, 1, 0);
  driver.Send(2, 0, 2);
  driver.AdvanceTo(5ms);
  LinkProperties down = WithLatency(20ms);
  down.up = false;
  driver.SetLink(0, 1, down);
  EXPECT_EQ(driver.in_flight(), 3u);
  EXPECT_THAT(Lines(driver.AdvanceTo(5ms)), ElementsAre(LostAt(0, 5ms, LossReason::kUnreachable)));
  driver.Send(3, 0, 1);
  EXPECT_THAT(Lines(driver.AdvanceTo(5ms)), ElementsAre(LostAt(3, 5ms, LossReason::kUnreachable)));
  driver.SetLink(0, 1, WithLatency(20ms));
  driver.Send(4, 0, 1);
  EXPECT_THAT(Lines(driver.Drain()),
              ElementsAre(Arrived(1, 20ms), Arrived(2, 20ms), Arrived(4, 25ms)));
}

TEST_P(NetworkConformance, ADefaultLinkThatGoesDownSparesSingleLinks) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(3, WithLatency(20ms));
  driver.SetLink(0, 1, WithLatency(20ms));
  driver.Send(0, 0, 1);
  driver.Send(1, 0, 2);
  driver.AdvanceTo(5ms);
  driver.SetDefaultLink({.up = false});
  EXPECT_THAT(Lines(driver.Drain()),
              ElementsAre(LostAt(1, 5ms, LossReason::kUnreachable), Arrived(0, 20ms)));
}

TEST_P(NetworkConformance, ALinkThatComesBackIsFree) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(2, {.bandwidth = 1e6});
  for (std::uint64_t id = 0; id < 3; ++id) driver.Send(id, 0, 1);  // 24 ms of work
  driver.AdvanceTo(10ms);
  driver.SetLink(0, 1, {.bandwidth = 1e6, .up = false});
  driver.SetLink(0, 1, {.bandwidth = 1e6});
  driver.Send(3, 0, 1);
  EXPECT_THAT(Lines(driver.Drain()),
              ElementsAre(LostAt(1, 10ms, LossReason::kUnreachable),
                          LostAt(2, 10ms, LossReason::kUnreachable), Arrived(3, 18ms)));
}

TEST_P(NetworkConformance, ANodeThatGoesDownEndsItsMessagesInBothDirectionsNow) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(3, WithLatency(20ms));
  driver.Send(0, 0, 1);
  driver.Send(1, 1, 2);
  driver.Send(2, 0, 2);
  driver.AdvanceTo(5ms);
  driver.SetUp(1, false);
  EXPECT_THAT(Lines(driver.Drain({0})),
              ElementsAre(LostAt(0, 5ms, LossReason::kDown), LostAt(1, 5ms, LossReason::kDown)));
  EXPECT_EQ(driver.now(), 5ms);
  EXPECT_THAT(Lines(driver.Drain()), ElementsAre(Arrived(2, 20ms)));
}

TEST_P(NetworkConformance, AMessageToANodeThatIsDownIsLostUnlessTheNodeIsBackInTime) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(2, WithLatency(20ms));
  driver.SetUp(1, false);
  driver.Send(0, 0, 1);
  EXPECT_THAT(driver.AdvanceTo(10ms), IsEmpty());
  driver.Send(1, 0, 1);
  driver.SetUp(1, false);  // it was down already: nothing ends
  EXPECT_THAT(Lines(driver.AdvanceTo(25ms)), ElementsAre(LostAt(0, 20ms, LossReason::kDown)));
  driver.SetUp(1, true);
  EXPECT_THAT(Lines(driver.Drain()), ElementsAre(Arrived(1, 30ms)));
}

TEST_P(NetworkConformance, AMessageFromANodeThatIsDownIsLostAtOnce) {
  auto driver = Make(2, WithLatency(20ms));
  driver.SetUp(0, false);
  driver.Send(0, 0, 1);
  driver.SetUp(0, true);
  const Passage passage = driver.AdvanceTo(driver.now());
  ASSERT_EQ(passage.size(), 1u);
  EXPECT_EQ(passage[0].lost, LossReason::kDown);
  EXPECT_EQ(passage[0].at, passage[0].sent);
}

TEST_P(NetworkConformance, ANodeThatLeavesEndsItsMessagesInBothDirectionsNow) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(3, WithLatency(20ms));
  driver.Send(0, 0, 1);
  driver.Send(1, 1, 2);
  driver.Send(2, 0, 2);
  driver.AdvanceTo(5ms);
  driver.Detach(1);
  EXPECT_THAT(Lines(driver.Drain()),
              ElementsAre(LostAt(0, 5ms, LossReason::kDetached),
                          LostAt(1, 5ms, LossReason::kDetached), Arrived(2, 20ms)));
}

TEST_P(NetworkConformance, AMessageEndsForTheFirstReasonThatMetIt) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(2, {.loss = 1, .latency = {Latency::Kind::kConstant, 20ms, {}}});
  driver.Send(0, 0, 1);  // would be lost at 20 ms
  driver.AdvanceTo(5ms);
  driver.SetUp(1, false);
  driver.Detach(0);
  EXPECT_THAT(Lines(driver.AdvanceTo(5ms)), ElementsAre(LostAt(0, 5ms, LossReason::kDown)));
  EXPECT_THAT(driver.Drain(), IsEmpty());
}

}  // namespace
}  // namespace delstep
