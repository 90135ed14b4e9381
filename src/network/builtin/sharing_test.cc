// Up- and downlinks that messages share: hand arithmetic for network.sharing = "uplink", "fair".
// A byte takes 8 us at 1 Mbit/s, so 1000 bytes take 8 ms.
#include "network/builtin/sharing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "network/builtin/builtin_network.h"

namespace delstep {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

struct Rates {
  double up = kNoLimit, down = kNoLimit, link = kNoLimit;
  Duration latency{0};
};

std::unique_ptr<Network> Make(const char* sharing, const Rates& rates, std::uint32_t nodes = 6) {
  NetworkOptions options;
  options.sharing = sharing;
  options.up = rates.up;
  options.down = rates.down;
  options.link = {.latency = {.a = rates.latency}, .bandwidth = rates.link};
  auto network = *MakeBuiltinNetwork(options, 1);
  for (std::uint32_t node = 0; node < nodes; ++node) EXPECT_TRUE(network->Attach(NodeId{node}));
  return network;
}

void Send(Network& network, std::uint64_t id, std::uint32_t from, std::uint32_t to,
          Bytes bytes = 1000) {
  ASSERT_TRUE(network.Send({MessageId{id}, NodeId{from}, NodeId{to}, bytes}));
}

using End = std::pair<std::uint64_t, Duration>;

std::vector<End> Ends(const Passage& passage) {
  std::vector<End> ends;
  for (const Outcome& outcome : passage)
    ends.emplace_back(static_cast<std::uint64_t>(outcome.message.id),
                      outcome.at.time_since_epoch());
  return ends;
}
std::vector<End> Drain(Network& network) { return Ends(*network.Drain()); }
std::vector<End> AdvanceTo(Network& network, Duration time) {
  return Ends(*network.AdvanceTo(SimTime{time}));
}

TEST(UplinkSharing, ANodeSendsOneMessageAfterTheOther) {
  auto network = Make("uplink", {.up = 1e6, .latency = 5ms});
  for (std::uint32_t to = 1; to <= 3; ++to) Send(*network, to, 0, to);
  Send(*network, 4, 4, 1);  // another node's uplink
  EXPECT_THAT(Drain(*network),
              ElementsAre(Pair(1, 13ms), Pair(4, 13ms), Pair(2, 21ms), Pair(3, 29ms)));
}

TEST(UplinkSharing, ANodeReceivesOneMessageAfterTheOther) {
  auto network = Make("uplink", {.down = 1e6, .latency = 5ms});
  for (std::uint32_t from = 1; from <= 3; ++from) Send(*network, from, from, 0);
  Send(*network, 4, 1, 4);
  // Bits stream in from 5 ms on: one message is in at 13 ms, then each takes 8 ms more.
  EXPECT_THAT(Drain(*network),
              ElementsAre(Pair(1, 13ms), Pair(4, 13ms), Pair(2, 21ms), Pair(3, 29ms)));
}

TEST(UplinkSharing, AStarOfEqualNodesIsLimitedByTheHub) {
  // Up- and downlinks of 1 Mbit/s. All three reach the hub at 8 ms, and are in one after the other.
  auto network = Make("uplink", {.up = 1e6, .down = 1e6});
  for (std::uint32_t from = 1; from <= 3; ++from) Send(*network, from, from, 0);
  EXPECT_THAT(Drain(*network), ElementsAre(Pair(1, 8ms), Pair(2, 16ms), Pair(3, 24ms)));
}

TEST(UplinkSharing, AModelTakesTheTimeOfTheNarrowestPart) {
  // 400,064 bytes at 1 Mbit/s, whichever part has it: 3.200512 s, not the sum of three parts.
  const Rates narrow[] = {{1e6, 4e6, 2e6}, {4e6, 1e6, 2e6}, {4e6, 2e6, 1e6}, {1e6, 1e6, 1e6}};
  for (const Rates& rates : narrow)
    for (const char* sharing : {"uplink", "fair"}) {
      auto network = Make(sharing, rates);
      Send(*network, 1, 0, 1, 400'064);
      EXPECT_THAT(Drain(*network), ElementsAre(Pair(1, 3'200'512us))) << sharing;
    }
}

TEST(UplinkSharing, ALinkQueuesBehindTheUplink) {
  // Uplink 2 Mbit/s: 4 ms each, links 1 Mbit/s: 8 ms each. 1 goes 0 to 8 ms; 2, over the same link,
  // enters it at 4 ms and waits until 8 ms; 3, over another, begins at 8 ms.
  auto network = Make("uplink", {.up = 2e6, .link = 1e6});
  Send(*network, 1, 0, 1);
  Send(*network, 2, 0, 1);
  Send(*network, 3, 0, 2);
  EXPECT_THAT(Drain(*network), ElementsAre(Pair(1, 8ms), Pair(2, 16ms), Pair(3, 16ms)));
}

TEST(UplinkSharing, WhatGoesAwayFreesTheUplinkForTheNext) {
  auto network = Make("uplink", {.up = 1e6});
  Send(*network, 1, 0, 1);
  Send(*network, 2, 0, 1);
  Send(*network, 3, 0, 2);
  AdvanceTo(*network, 3ms);
  ASSERT_TRUE(network->SetUp(NodeId{1}, false));
  EXPECT_THAT(Drain(*network), ElementsAre(Pair(1, 3ms), Pair(2, 3ms), Pair(3, 11ms)));
}

TEST(UplinkSharing, WhatIsWithdrawnKeepsItsTurn) {
  for (const char* sharing : {"uplink", "fair"}) {
    auto network = Make(sharing, {.up = 1e6});
    for (std::uint64_t id = 1; id <= 3; ++id) Send(*network, id, 0, 1);
    const MessageId withdrawn[] = {MessageId{1}, MessageId{2}};
    ASSERT_TRUE(network->Withdraw(withdrawn));
    EXPECT_EQ(network->in_flight(), 1u);
    EXPECT_THAT(Drain(*network), ElementsAre(Pair(3, 24ms))) << sharing;
  }
}

TEST(UplinkSharing, DrainStopsAtTheLastOutcomeThoughWithdrawnOnesGoOn) {
  for (const char* sharing : {"uplink", "fair"}) {
    auto network = Make(sharing, {.up = 1e6});
    for (std::uint64_t id = 1; id <= 3; ++id) Send(*network, id, 0, 1);
    const MessageId withdrawn[] = {MessageId{2}, MessageId{3}};
    ASSERT_TRUE(network->Withdraw(withdrawn));
    EXPECT_THAT(Drain(*network), ElementsAre(Pair(1, 8ms))) << sharing;
    EXPECT_EQ(network->now(), SimTime{8ms});
    // 2 and 3 keep the uplink until 24 ms.
    Send(*network, 4, 0, 1);
    EXPECT_THAT(Drain(*network), ElementsAre(Pair(4, 32ms))) << sharing;
  }
}

TEST(UplinkSharing, ANewCapacityIsForWhoBeginsNext) {
  auto network = Make("uplink", {.up = 1e6});
  Send(*network, 1, 0, 1);
  Send(*network, 2, 0, 2);
  AdvanceTo(*network, 4ms);
  ASSERT_TRUE(network->SetCapacity(NodeId{0}, 4e6, kNoLimit));
  EXPECT_THAT(Drain(*network), ElementsAre(Pair(1, 8ms), Pair(2, 10ms)));
}

TEST(UplinkSharing, WhatIsNotThereBeforeTheEndOfTimeExpires) {
  // Two uplinks fill one downlink: the second would take twice 200 years.
  const double slow = 8.0 / (200.0 * 365 * 24 * 3600);
  for (const char* sharing : {"uplink", "fair"}) {
    auto network = Make(sharing, {.down = slow});
    Send(*network, 1, 1, 0, 1);
    Send(*network, 2, 2, 0, 1);
    const Passage passage = *network->Drain();
    ASSERT_EQ(passage.size(), 2u);
    EXPECT_EQ(passage[1].lost, LossReason::kExpired) << sharing;
    EXPECT_EQ(network->now(), SimTime::max());
    EXPECT_FALSE(network->Send({MessageId{3}, NodeId{1}, NodeId{0}, 1})) << sharing;
  }
}

TEST(FairSharing, TransfersShareAnUplinkEqually) {
  auto network = Make("fair", {.up = 1e6, .latency = 5ms});
  for (std::uint32_t to = 1; to <= 3; ++to) Send(*network, to, 0, to);
  EXPECT_THAT(Drain(*network), ElementsAre(Pair(1, 29ms), Pair(2, 29ms), Pair(3, 29ms)));
}

TEST(FairSharing, WhoIsLeftGoesFaster) {
  // 1 Mbit/s for two: the small one (4000 bits) is through at 8 ms; the other has 4000 bits left,
  // which take 4 ms alone.
  auto network = Make("fair", {.up = 1e6});
  Send(*network, 1, 0, 1, 500);
  Send(*network, 2, 0, 2, 1000);
  EXPECT_THAT(Drain(*network), ElementsAre(Pair(1, 8ms), Pair(2, 12ms)));
}

TEST(FairSharing, WhoComesLaterSlowsTheFirst) {
  // 1 has done 4000 of 8000 bits at 4 ms, the other half takes 8 ms; then 2 has 4000 bits left.
  auto network = Make("fair", {.down = 1e6});
  Send(*network, 1, 1, 0);
  EXPECT_TRUE(AdvanceTo(*network, 4ms).empty());
  Send(*network, 2, 2, 0);
  EXPECT_THAT(Drain(*network), ElementsAre(Pair(1, 12ms), Pair(2, 16ms)));
}

TEST(FairSharing, ABottleneckElsewhereLeavesMoreForTheOthers) {
  // 0 sends to 1 and 2 over 3 Mbit/s. 2's downlink has 1 Mbit/s, so 1 gets 2 Mbit/s: 4 ms.
  auto network = Make("fair", {.up = 3e6});
  ASSERT_TRUE(network->SetCapacity(NodeId{2}, kNoLimit, 1e6));
  Send(*network, 1, 0, 1);
  Send(*network, 2, 0, 2);
  EXPECT_THAT(Drain(*network), ElementsAre(Pair(1, 4ms), Pair(2, 8ms)));
}

TEST(FairSharing, MessagesOverOneLinkGoOneAfterTheOther) {
  // Two links share the uplink; of the two messages over the first link, one goes at a time.
  auto network = Make("fair", {.up = 1e6});
  Send(*network, 1, 0, 1);
  Send(*network, 2, 0, 1);
  Send(*network, 3, 0, 2);
  EXPECT_THAT(Drain(*network), ElementsAre(Pair(1, 16ms), Pair(3, 16ms), Pair(2, 24ms)));
}

TEST(FairSharing, ANewCapacityChangesRatesAtOnce) {
  auto network = Make("fair", {.up = 1e6});
  Send(*network, 1, 0, 1);
  AdvanceTo(*network, 4ms);  // half is through
  ASSERT_TRUE(network->SetCapacity(NodeId{0}, 4e6, kNoLimit));
  EXPECT_THAT(Drain(*network), ElementsAre(Pair(1, 5ms)));
}

TEST(FairSharing, WhatGoesAwayLeavesItsShareToTheOthers) {
  auto network = Make("fair", {.up = 1e6});
  Send(*network, 1, 0, 1);
  Send(*network, 2, 0, 2);
  AdvanceTo(*network, 8ms);  // 4000 bits of each are through
  ASSERT_TRUE(network->SetUp(NodeId{1}, false));
  EXPECT_THAT(Drain(*network), ElementsAre(Pair(1, 8ms), Pair(2, 12ms)));
}

TEST(FairSharing, ThirdsOfAMegabitAreExact) {
  // Three models of 400,064 bytes share 1 Mbit/s: 3 * 3.200512 s, to the nanosecond.
  auto network = Make("fair", {.up = 1e6});
  for (std::uint32_t to = 1; to <= 3; ++to) Send(*network, to, 0, to, 400'064);
  EXPECT_THAT(Drain(*network),
              ElementsAre(Pair(1, 9'601'536us), Pair(2, 9'601'536us), Pair(3, 9'601'536us)));
}

TEST(Sharing, TheExampleOfTheDocumentsIsTrue) {
  // docs/internals/network.md: Ann (0) to Bob (1) and Cleo (2), Dan (3) to Bob; a model takes
  // 3.200512 s at 1 Mbit/s.
  constexpr Duration kOne = 3'200'512us;
  const auto ends = [](const char* sharing, const Rates& rates) {
    auto network = Make(sharing, rates);
    Send(*network, 1, 0, 1, 400'064);
    Send(*network, 2, 0, 2, 400'064);
    Send(*network, 3, 3, 1, 400'064);
    return Drain(*network);
  };
  EXPECT_THAT(ends("link", {.link = 1e6}),
              ElementsAre(Pair(1, kOne), Pair(2, kOne), Pair(3, kOne)));
  EXPECT_THAT(ends("uplink", {.up = 1e6, .down = 1e6}),
              ElementsAre(Pair(1, kOne), Pair(2, 2 * kOne), Pair(3, 2 * kOne)));
  EXPECT_THAT(ends("fair", {.up = 1e6, .down = 1e6}),
              ElementsAre(Pair(1, 2 * kOne), Pair(2, 2 * kOne), Pair(3, 2 * kOne)));
  EXPECT_THAT(ends("uplink", {.up = 1e6, .down = 2e6}),
              ElementsAre(Pair(1, kOne), Pair(3, kOne + kOne / 2), Pair(2, 2 * kOne)));
  EXPECT_THAT(ends("fair", {.up = 1e6, .down = 2e6}),
              ElementsAre(Pair(3, kOne), Pair(1, 2 * kOne), Pair(2, 2 * kOne)));
}

TEST(FairSharing, ExpectedArrivalsAreThoseIfNothingElseIsSent) {
  auto network = Make("fair", {.up = 1e6});
  Send(*network, 1, 0, 1);
  ASSERT_EQ(network->ExpectedArrivals().size(), 1u);
  EXPECT_EQ(network->ExpectedArrivals()[0].at, SimTime{8ms});
  Send(*network, 2, 0, 2);
  EXPECT_EQ(network->ExpectedArrivals()[0].at, SimTime{16ms});
  EXPECT_EQ(network->now(), SimTime{});
}

}  // namespace
}  // namespace delstep
