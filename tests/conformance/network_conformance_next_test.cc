// AdvanceToNext(), and capacities of nodes: what every backend promises of them.
#include "tests/conformance/network_conformance.h"

namespace delstep {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(NetworkConformance, AdvancingToTheNextStopsWhereTheFirstMessagesEnd) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(5, WithLatency(10ms));
  driver.SetLink(0, 2, WithLatency(10ms + 1ns));
  driver.SetLink(0, 3, {.loss = 1, .latency = {Latency::Kind::kConstant, 20ms, {}}});
  driver.Send(3, 0, 3);
  driver.Send(2, 0, 2);
  driver.Send(1, 0, 1);
  driver.Send(4, 2, 1);
  // All that end at the one moment, and nothing of a nanosecond later.
  EXPECT_THAT(Lines(driver.AdvanceToNext(1s)), ElementsAre(Arrived(1, 10ms), Arrived(4, 10ms)));
  EXPECT_EQ(driver.now(), 10ms);
  EXPECT_EQ(driver.in_flight(), 2u);
  EXPECT_THAT(Lines(driver.AdvanceToNext(1s)), ElementsAre(Arrived(2, 10ms + 1ns)));
  EXPECT_THAT(Lines(driver.AdvanceToNext(1s)), ElementsAre(LostAt(3, 20ms, LossReason::kLoss)));
  EXPECT_EQ(driver.now(), 20ms);
}

TEST_P(NetworkConformance, AdvancingToTheNextGoesNoFurtherThanItsLimit) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(2, WithLatency(10ms));
  driver.Send(1, 0, 1);
  EXPECT_THAT(driver.AdvanceToNext(10ms - 1ns), IsEmpty());
  EXPECT_EQ(driver.now(), 10ms - 1ns);
  EXPECT_THAT(Lines(driver.AdvanceToNext(10ms)), ElementsAre(Arrived(1, 10ms))) << "inclusive";
  EXPECT_THAT(driver.AdvanceToNext(15ms), IsEmpty());
  EXPECT_EQ(driver.now(), 15ms) << "nothing ends: time passes all the same";
}

TEST_P(NetworkConformance, WhatEndedBetweenTheCallsComesAtOnceAndTakesNoTime) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(3, WithLatency(10ms));
  driver.Send(1, 0, 1);
  driver.Send(2, 0, 2);
  driver.AdvanceTo(4ms);
  driver.SetUp(1, false);
  EXPECT_THAT(Lines(driver.AdvanceToNext(1s)), ElementsAre(LostAt(1, 4ms, LossReason::kDown)));
  EXPECT_EQ(driver.now(), 4ms);
  driver.SetLink(0, 2, WithLatency(0ms));
  driver.Send(3, 0, 2);
  EXPECT_THAT(Lines(driver.AdvanceToNext(4ms)), ElementsAre(Arrived(3, 4ms)));
  EXPECT_THAT(Lines(driver.AdvanceToNext(1s)), ElementsAre(Arrived(2, 10ms)));
}

TEST_P(NetworkConformance, GivesNodesCapacitiesIfAndOnlyIfItSaysSo) {
  auto network = MakeBare({});
  ASSERT_TRUE(network->Attach(NodeId{0}));
  const auto set = network->SetCapacity(NodeId{0}, 1e6, 2e6);
  EXPECT_EQ(set.ok(), GetParam().traits.has_capacities);
  if (!set) {
    EXPECT_EQ(set.error().code, ErrorCode::kRefused);
  }
}

TEST_P(NetworkConformance, AMessageAloneTakesTheTimeOfTheNarrowestPartOfItsWay) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().traits.has_capacities && GetParam().exact);
  // A model of 400,064 bytes are 3,200,512 bits: at 1 Mbit/s 3.200512 s, and then the latency.
  for (const int narrow : {0, 1, 2}) {
    SCOPED_TRACE(narrow);
    LinkProperties link = WithLatency(5ms);
    link.bandwidth = narrow == 0 ? 1e6 : 3e6;
    auto driver = Make(2, link);
    driver.SetCapacity(0, narrow == 1 ? 1e6 : 4e6, 100);
    driver.SetCapacity(1, 100, narrow == 2 ? 1e6 : 5e6);
    driver.Send(0, 0, 1, 400'064);
    EXPECT_THAT(Lines(driver.Drain()), ElementsAre(Arrived(0, 3'205'512us)));
  }
}

}  // namespace
}  // namespace delstep
