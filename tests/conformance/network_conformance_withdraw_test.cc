// Messages that are taken off the wire, and what the network knows of those that are on it.
#include <map>

#include "tests/conformance/network_conformance.h"

namespace delstep {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSubsetOf;

TEST_P(NetworkConformance, WithdrawsMessagesIfAndOnlyIfItSaysSo) {
  auto network = MakeBare(WithLatency(5ms));
  for (const NodeId node : {NodeId{0}, NodeId{1}}) ASSERT_TRUE(network->Attach(node));
  ASSERT_TRUE(network->Send({MessageId{3}, NodeId{0}, NodeId{1}, 1000}));
  const MessageId ids[] = {MessageId{3}};
  const auto done = network->Withdraw(ids);
  EXPECT_EQ(done.ok(), GetParam().traits.can_withdraw);
  EXPECT_EQ(network->in_flight(), GetParam().traits.can_withdraw ? 0u : 1u);
  if (!done) {
    EXPECT_EQ(done.error().code, ErrorCode::kRefused);
  }
}

TEST_P(NetworkConformance, AMessageThatIsWithdrawnHasNoOutcome) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().traits.can_withdraw);
  auto driver = Make(4, WithLatency(10ms));
  for (std::uint32_t to = 1; to <= 3; ++to) driver.Send(to, 0, to);
  driver.Withdraw({3, 1});
  EXPECT_EQ(driver.in_flight(), 1u);
  driver.SetUp(1, false);  // would end it, were it on the way
  const Passage passage = driver.Drain();
  ASSERT_EQ(passage.size(), 1u);
  EXPECT_EQ(passage[0].message.id, MessageId{2});
  EXPECT_THAT(driver.Drain(), IsEmpty());
}

TEST_P(NetworkConformance, WithdrawingTheLastMessageLeavesNothingToWaitFor) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().traits.can_withdraw && GetParam().traits.simulated_time);
  auto driver = Make(2, WithLatency(10ms));
  driver.Send(1, 0, 1);
  driver.Withdraw({1});
  EXPECT_THAT(driver.Drain(), IsEmpty());
  EXPECT_EQ(driver.now(), 0ms);
}

TEST_P(NetworkConformance, NothingElseIsDifferentForAMessageThatIsWithdrawn) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().traits.can_withdraw && GetParam().exact);
  // 1000 bytes at 1 Mbit/s take 8 ms; losses and latencies are drawn per message of a link.
  const LinkProperties link{
      .loss = 0.5, .latency = {Latency::Kind::kUniform, 1ms, 90ms}, .bandwidth = 1e6};
  const auto play = [&](const std::vector<std::uint64_t>& withdrawn) {
    auto driver = Make(2, link);
    for (std::uint64_t id = 0; id < 20; ++id) driver.Send(id, 0, 1);
    if (!withdrawn.empty()) driver.Withdraw(withdrawn);
    for (std::uint64_t id = 20; id < 40; ++id) driver.Send(id, 0, 1);
    return Lines(driver.Drain());
  };
  const std::vector<std::string> whole = play({}), rest = play({0, 7, 19});
  EXPECT_EQ(whole.size(), 40u);
  EXPECT_EQ(rest.size(), 37u);
  EXPECT_THAT(rest, IsSubsetOf(whole));
}

TEST_P(NetworkConformance, ALinkThatGoesDownIsFreeOfWhatWasWithdrawnToo) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().traits.can_withdraw && GetParam().exact);
  for (const bool withdraw : {false, true}) {
    SCOPED_TRACE(withdraw);
    LinkProperties link = WithLatency(5ms);
    link.bandwidth = 1e6;
    auto driver = Make(2, link);
    driver.Send(1, 0, 1);  // would be transmitted until 8 ms
    driver.AdvanceTo(2ms);
    if (withdraw) driver.Withdraw({1});
    driver.SetLink(0, 1, {.up = false});
    driver.AdvanceTo(2ms);
    driver.SetLink(0, 1, link);
    driver.Send(2, 0, 1);
    EXPECT_THAT(Lines(driver.Drain()), ElementsAre(Arrived(2, 2ms + 8ms + 5ms)));
  }
}

TEST_P(NetworkConformance, WhatItKnowsOfArrivalsComesTrue) {
  auto driver = Make(4, {.latency = {Latency::Kind::kUniform, 1ms, 90ms}});
  driver.SetLink(2, 3, {.loss = 1, .latency = {Latency::Kind::kConstant, 7ms, {}}});
  for (std::uint64_t id = 0; id < 30; ++id)
    driver.Send(29 - id, static_cast<std::uint32_t>(id % 3), 3);
  const std::vector<ExpectedArrival> expected = driver.ExpectedArrivals();
  EXPECT_TRUE(std::ranges::is_sorted(expected, {}, &ExpectedArrival::message));
  std::map<MessageId, SimTime> ends;
  for (const Outcome& outcome : driver.Drain()) ends[outcome.message.id] = outcome.at;
  for (const auto& [message, at] : expected)
    EXPECT_EQ(at, ends.at(message)) << static_cast<std::uint64_t>(message);
  EXPECT_THAT(driver.ExpectedArrivals(), IsEmpty());
}

}  // namespace
}  // namespace delstep
