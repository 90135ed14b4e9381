// What the built-in network does beyond what every backend promises; for that see
// tests/conformance/.
#include "network/builtin/builtin_network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

namespace delstep {
namespace {

using namespace std::chrono_literals;

constexpr NodeId kA{0}, kB{1};

std::unique_ptr<Network> MakePair(const LinkProperties& link) {
  NetworkOptions options;
  options.link = link;
  auto network = *MakeBuiltinNetwork(options, 1);
  for (const NodeId node : {kA, kB}) EXPECT_TRUE(network->Attach(node));
  return network;
}

LinkProperties Slow(Duration latency) { return {.latency = {.a = latency}}; }

std::vector<bool> LostOf100(double loss) {
  auto network = MakePair({.loss = loss});
  for (std::uint64_t id = 0; id < 100; ++id) EXPECT_TRUE(network->Send({MessageId{id}, kA, kB, 1}));
  const Passage passage = *network->Drain();
  std::vector<bool> lost;
  for (const Outcome& outcome : passage) lost.push_back(outcome.lost.has_value());
  return lost;
}

TEST(BuiltinNetwork, DeliversAtTheLastNanosecondOfSimulatedTime) {
  auto network = MakePair(Slow(Duration::max()));
  ASSERT_TRUE(network->Send({MessageId{0}, kA, kB, 1}));
  const auto passage = network->Drain();
  ASSERT_TRUE(passage);
  ASSERT_EQ(passage->size(), 1u);
  EXPECT_EQ(network->now(), SimTime::max());
}

TEST(BuiltinNetwork, RefusesAMessageThatWouldArriveAfterTheEndOfTime) {
  auto network = MakePair(Slow(Duration::max()));
  ASSERT_TRUE(network->AdvanceTo(SimTime{1ns}));
  const auto sent = network->Send({MessageId{5}, kA, kB, 1});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kRefused);
  EXPECT_EQ(sent.error().message,
            "message 5 of 1 bytes from node 0 to node 1 would arrive after the end of simulated "
            "time (292 years)");
  EXPECT_EQ(network->in_flight(), 0u);
}

TEST(BuiltinNetwork, RefusesTransmissionsAndDrawsBeyondTheEndOfTime) {
  const std::vector<LinkProperties> links = {
      {.bandwidth = 1e-300},
      {.bandwidth = 8e-9},  // a second is enough for 1e-9 bytes
      {.latency = {Latency::Kind::kNormal, Duration::max(), Duration::max()}, .bandwidth = 1},
      {.latency = {Latency::Kind::kExponential, Duration::max(), {}}, .bandwidth = 1}};
  for (const LinkProperties& link : links) {
    auto network = MakePair(link);
    int refused = 0;
    for (std::uint64_t id = 0; id < 20; ++id)
      refused += !network->Send({MessageId{id}, kA, kB, 100});
    EXPECT_GT(refused, 0);
    EXPECT_EQ(network->in_flight(), static_cast<std::size_t>(20 - refused));
  }
  auto network = MakePair({.bandwidth = 1});
  EXPECT_FALSE(network->Send({MessageId{0}, kA, kB, std::numeric_limits<Bytes>::max()}));
}

TEST(BuiltinNetwork, ARefusedMessageLeavesTheLinkAsItWas) {
  // 1 byte at 1 byte/s. The refused message neither occupies the link nor counts among its
  // messages.
  auto with = MakePair({.loss = 0.5, .bandwidth = 8});
  auto without = *with->Clone();
  ASSERT_FALSE(with->Send({MessageId{0}, kA, kB, 10'000'000'000}));
  for (std::uint64_t id = 1; id <= 20; ++id) {
    ASSERT_TRUE(with->Send({MessageId{id}, kA, kB, 1}));
    ASSERT_TRUE(without->Send({MessageId{id}, kA, kB, 1}));
  }
  const Passage expected = *without->Drain();
  const Passage passage = *with->Drain();
  ASSERT_EQ(passage.size(), expected.size());
  for (std::size_t k = 0; k < passage.size(); ++k) {
    EXPECT_EQ(passage[k].at, SimTime{(k + 1) * 1s});
    EXPECT_EQ(passage[k].lost, expected[k].lost);
  }
}

TEST(BuiltinNetwork, AMessageThatWasNotTransmittedCountsOnItsLinkAllTheSame) {
  const std::vector<bool> all = LostOf100(0.5);
  auto network = MakePair({.loss = 0.5});
  ASSERT_TRUE(network->SetUp(kA, false));
  ASSERT_TRUE(network->Send({MessageId{0}, kA, kB, 1}));
  ASSERT_TRUE(network->SetUp(kA, true));
  for (std::uint64_t id = 1; id < 100; ++id) ASSERT_TRUE(network->Send({MessageId{id}, kA, kB, 1}));
  const Passage passage = *network->Drain();
  for (std::size_t k = 1; k < 100; ++k) EXPECT_EQ(passage[k].lost.has_value(), all[k]) << k;
}

TEST(BuiltinNetwork, MoreLossLosesTheSameMessagesAndMore) {
  const std::vector<bool> less = LostOf100(0.2), more = LostOf100(0.6);
  for (std::size_t k = 0; k < 100; ++k) EXPECT_LE(less[k], more[k]) << k;
  EXPECT_LT(std::ranges::count(less, true), std::ranges::count(more, true));
}

TEST(BuiltinNetwork, LongConstantLatenciesAreExact) {
  // Doubles hold no odd number of nanoseconds beyond 2^53, 104 days.
  constexpr Duration kLatency{(std::int64_t{1} << 53) + 1};
  auto network = MakePair(Slow(kLatency));
  ASSERT_TRUE(network->Send({MessageId{0}, kA, kB, 1}));
  ASSERT_TRUE(network->Drain());
  EXPECT_EQ(network->now(), SimTime{kLatency});
}

TEST(BuiltinNetwork, AMessageWithRandomLatencyMayOvertakeAnother) {
  auto network = MakePair({.latency = {Latency::Kind::kUniform, 1ms, 9ms}});
  for (std::uint64_t id = 0; id < 100; ++id) ASSERT_TRUE(network->Send({MessageId{id}, kA, kB, 1}));
  const Passage passage = *network->Drain();
  EXPECT_FALSE(std::ranges::is_sorted(passage, {}, [](const Outcome& o) { return o.message.id; }));
}

}  // namespace
}  // namespace delstep
