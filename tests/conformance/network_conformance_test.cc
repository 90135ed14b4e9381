#include "tests/conformance/network_conformance.h"

#include <limits>
#include <set>

#include "network/builtin/builtin_network.h"
#include "network/mininet/mininet_network.h"
#include "network/ns3/ns3_network.h"
#include "tests/fakes/fake_helper.h"
#include "tests/fakes/naive_network.h"

namespace delstep {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// The built-in network with up- and downlinks of `capacity` bits per second for every node.
template <const char* kSharing>
MakeNetwork Sharing(double capacity) {
  return [capacity](const Scenario& scenario) {
    NetworkOptions options = scenario.network;
    options.sharing = kSharing;
    options.up = options.down = capacity;
    return MakeBuiltinNetwork(options, scenario.seed);
  };
}
constexpr char kUplink[] = "uplink", kFair[] = "fair";
constexpr double kNoLimit = std::numeric_limits<double>::infinity();
constexpr NetworkTraits kSharingTraits{.can_snapshot = true,
                                       .can_save = true,
                                       .can_withdraw = true,
                                       .has_capacities = true,
                                       .name = "builtin"};

Result<std::unique_ptr<Network>> MakeBuiltin(const Scenario& scenario) {
  return MakeBuiltinNetwork(scenario.network, scenario.seed);
}
Result<std::unique_ptr<Network>> MakeNaive(const Scenario& scenario) {
  return fakes::MakeNaiveNetwork(scenario.network, scenario.seed);
}
Result<std::unique_ptr<Network>> MakeRemote(const Scenario& scenario) {
  return fakes::MakeFakeNetwork(scenario.network.link, scenario.seed);
}

/// ns-3, its nodes connected as `topology` says.
template <const char* kTopology, const char* kTransport>
Result<std::unique_ptr<Network>> MakeNs3(const Scenario& scenario) {
  Scenario own = scenario;
  own.ns3.topology = kTopology;
  own.ns3.transport = kTransport;
  return MakeNs3Network(own);
}
/// Real time: what never arrives must not take a minute.
Result<std::unique_ptr<Network>> MakeMininet(const Scenario& scenario) {
  Scenario own = scenario;
  own.mininet.ttl = 1s;
  return MakeMininetNetwork(own);
}
constexpr char kMesh[] = "mesh", kTcp[] = "tcp", kUdp[] = "udp";
constexpr NetworkTraits kNs3Traits{.can_snapshot = true,
                                   .can_save = true,
                                   .can_withdraw = true,
                                   .random_latency = false,
                                   .has_packets = true,
                                   .is_slow = true,
                                   .name = "ns3"};

// One line per backend. The oracle of network_oracle_test.cc is held to the same promises. Where
// up- and downlinks have no limit, shared ones are as exact as private links.
const NetworkBackend kBackends[] = {
    {"builtin",
     MakeBuiltin,
     {.can_snapshot = true, .can_save = true, .can_withdraw = true, .name = "builtin"}},
    {"uplink", Sharing<kUplink>(kNoLimit), kSharingTraits},
    {"fair", Sharing<kFair>(kNoLimit), kSharingTraits},
    {"uplink100Mbps", Sharing<kUplink>(1e8), kSharingTraits, false},
    {"fair100Mbps", Sharing<kFair>(1e8), kSharingTraits, false},
    {"naive", MakeNaive, {.can_snapshot = true, .can_withdraw = true, .name = "naive"}},
    // The built-in network in a helper program.
    {"remote",
     MakeRemote,
     {.can_snapshot = true, .can_save = true, .can_withdraw = true, .name = "fake"},
     true,
     13},
    {"ns3MeshTcp", MakeNs3<kMesh, kTcp>, kNs3Traits, false, 97, true},
    {"mininet",
     MakeMininet,
     {.simulated_time = false,
      .can_withdraw = true,
      .random_latency = false,
      .has_packets = true,
      .is_slow = true,
      .name = "mininet"},
     false,
     97,
     true},
    {"ns3MeshUdp", MakeNs3<kMesh, kUdp>, kNs3Traits, false, 97},
};

INSTANTIATE_TEST_SUITE_P(Backend, NetworkConformance, testing::ValuesIn(kBackends),
                         [](const auto& test) { return test.param.name; });

std::set<std::uint64_t> Ids(const Passage& passage) {
  std::set<std::uint64_t> ids;
  for (const Outcome& outcome : passage) ids.insert(static_cast<std::uint64_t>(outcome.message.id));
  return ids;
}

TEST_P(NetworkConformance, TellsItsTraits) {
  const auto network = MakeBare({});
  EXPECT_EQ(network->traits().simulated_time, GetParam().traits.simulated_time);
  EXPECT_EQ(network->traits().needs_root, GetParam().traits.needs_root);
  EXPECT_EQ(network->traits().can_snapshot, GetParam().traits.can_snapshot);
  EXPECT_EQ(network->traits().can_save, GetParam().traits.can_save);
  EXPECT_EQ(network->traits().can_withdraw, GetParam().traits.can_withdraw);
  EXPECT_EQ(network->traits().has_capacities, GetParam().traits.has_capacities);
  EXPECT_EQ(network->traits().name, GetParam().traits.name);
}

TEST_P(NetworkConformance, EveryMessageOfAFloodEndsExactlyOnce) {
  constexpr std::uint32_t kNodes = 6;
  auto driver = Make(kNodes, {.loss = 0.3, .latency = {Latency::Kind::kUniform, 1ms, 9ms}});
  std::uint64_t id = 0;
  for (std::uint32_t from = 0; from < kNodes; ++from)
    for (std::uint32_t to = 0; to < kNodes; ++to)
      if (from != to) driver.Send(id++, from, to);
  EXPECT_EQ(driver.in_flight(), 30u);

  const Passage passage = driver.Drain();

  EXPECT_EQ(passage.size(), 30u);
  EXPECT_EQ(Ids(passage).size(), 30u);
  EXPECT_EQ(driver.in_flight(), 0u);
  EXPECT_THAT(driver.Drain(), IsEmpty());
}

TEST_P(NetworkConformance, AnOutcomeCarriesTheMessageAndItsSending) {
  auto driver = Make(3, WithLatency(2ms));
  driver.AdvanceTo(5ms);
  const Duration sent = driver.now();
  driver.Send(41, 2, 1, 123);
  const Passage passage = driver.Drain();
  ASSERT_EQ(passage.size(), 1u);
  EXPECT_EQ(passage[0].message.id, MessageId{41});
  EXPECT_EQ(passage[0].message.from, NodeId{2});
  EXPECT_EQ(passage[0].message.to, NodeId{1});
  EXPECT_EQ(passage[0].message.bytes, 123u);
  EXPECT_GE(passage[0].sent.time_since_epoch(), sent);
  EXPECT_GE(passage[0].at - passage[0].sent, 2ms);
  EXPECT_FALSE(passage[0].lost);
}

TEST_P(NetworkConformance, OutcomesAreOrderedByTimeThenBySending) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(4, WithLatency(5ms));
  driver.SetLink(0, 1, WithLatency(9ms));
  driver.Send(8, 0, 1);
  driver.Send(7, 0, 2);  // ids need not ascend
  driver.Send(9, 0, 3);
  driver.Send(1, 2, 3);
  EXPECT_THAT(Lines(driver.Drain()),
              ElementsAre(Arrived(7, 5ms), Arrived(9, 5ms), Arrived(1, 5ms), Arrived(8, 9ms)));
}

TEST_P(NetworkConformance, TimeStandsStillWithoutAdvancing) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().traits.simulated_time);
  auto driver = Make(2, WithLatency(5ms));
  driver.Send(0, 0, 1);
  driver.SetUp(1, false);
  EXPECT_EQ(driver.now(), 0ns);
}

TEST_P(NetworkConformance, AdvancingReachesTheDeadlineAndLeavesSlowerMessagesInFlight) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(3, WithLatency(10ms));
  driver.SetLink(0, 2, WithLatency(10ms + 1ns));
  driver.Send(0, 0, 1);
  driver.Send(1, 0, 2);

  EXPECT_THAT(driver.AdvanceTo(10ms - 1ns), IsEmpty());
  EXPECT_EQ(driver.now(), 10ms - 1ns);
  EXPECT_EQ(driver.in_flight(), 2u);
  EXPECT_THAT(Lines(driver.AdvanceTo(10ms)), ElementsAre(Arrived(0, 10ms)));
  EXPECT_EQ(driver.in_flight(), 1u);
  EXPECT_THAT(Lines(driver.AdvanceTo(1s)), ElementsAre(Arrived(1, 10ms + 1ns)));
  EXPECT_EQ(driver.now(), 1s);
}

TEST_P(NetworkConformance, AdvancingWithNothingInFlightStillTakesTheTime) {
  auto driver = Make(2, WithLatency(10ms));
  EXPECT_THAT(driver.AdvanceTo(3ms), IsEmpty());
  EXPECT_EQ(driver.now(), 3ms);
}

TEST_P(NetworkConformance, AMessageWithoutLatencyArrivesWhenTimePassesNext) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(2, {});
  driver.AdvanceTo(4ms);
  driver.Send(0, 0, 1);
  EXPECT_EQ(driver.in_flight(), 1u);
  EXPECT_THAT(Lines(driver.AdvanceTo(4ms)), ElementsAre(Arrived(0, 4ms)));
}

TEST_P(NetworkConformance, DrainingStopsAtTheLastEnd) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(3, WithLatency(10ms));
  driver.SetLink(0, 2, {.loss = 1, .latency = {Latency::Kind::kConstant, 30ms, {}}});
  driver.Send(0, 0, 2);
  driver.Send(1, 0, 1);
  EXPECT_THAT(Lines(driver.Drain()),
              ElementsAre(Arrived(1, 10ms), LostAt(0, 30ms, LossReason::kLoss)));
  EXPECT_EQ(driver.now(), 30ms);
  EXPECT_THAT(driver.Drain(), IsEmpty());
  EXPECT_EQ(driver.now(), 30ms);
}

TEST_P(NetworkConformance, DrainingSomeStopsAtTheLastOfThemAndTellsTheOthersUpToThen) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().exact);
  auto driver = Make(5, {});
  for (std::uint32_t to = 1; to <= 4; ++to) {
    driver.SetLink(0, to, WithLatency(to * 10ms));
    driver.Send(to, 0, to);
  }
  driver.SetLink(4, 0, WithLatency(30ms));
  driver.Send(5, 4, 0);
  // 5 ends together with the last that was asked for.
  EXPECT_THAT(Lines(driver.Drain({3, 2})),
              ElementsAre(Arrived(1, 10ms), Arrived(2, 20ms), Arrived(3, 30ms), Arrived(5, 30ms)));
  EXPECT_EQ(driver.now(), 30ms);
  EXPECT_THAT(Lines(driver.Drain()), ElementsAre(Arrived(4, 40ms)));
}

TEST_P(NetworkConformance, DrainingMessagesThatAreNotInFlightTakesNoTime) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().traits.simulated_time);
  auto driver = Make(3, WithLatency(10ms));
  driver.Send(0, 0, 1);
  driver.Drain();
  const Duration before = driver.now();
  driver.Send(1, 0, 2);
  EXPECT_THAT(driver.Drain({0, 77}), IsEmpty());
  EXPECT_EQ(driver.now(), before);
  EXPECT_EQ(driver.in_flight(), 1u);
}

TEST_P(NetworkConformance, ACopyGoesOnAloneAndAlike) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().traits.can_snapshot);
  auto driver =
      Make(3, {.loss = 0.5, .latency = {Latency::Kind::kExponential, 5ms, {}}, .bandwidth = 1e6});
  const auto send = [](NetworkDriver& to, std::uint64_t first) {
    for (std::uint64_t id = first; id < first + 20; ++id)
      to.Send(id, static_cast<std::uint32_t>(id % 2), 2);
  };
  send(driver, 0);
  driver.AdvanceTo(30ms);

  auto copy = driver.Clone();
  EXPECT_EQ(copy.now(), 30ms);
  EXPECT_EQ(copy.in_flight(), driver.in_flight());
  ASSERT_GT(copy.in_flight(), 0u);
  driver.Detach(2);  // of no concern to the copy
  driver.Drain();
  send(copy, 20);
  const Passage continued = copy.Drain();

  auto other =
      Make(3, {.loss = 0.5, .latency = {Latency::Kind::kExponential, 5ms, {}}, .bandwidth = 1e6});
  send(other, 0);
  other.AdvanceTo(30ms);
  send(other, 20);
  EXPECT_EQ(Lines(continued), Lines(other.Drain()));
  EXPECT_EQ(copy.now(), other.now());
}

TEST_P(NetworkConformance, CopiesItselfIfAndOnlyIfItSaysSo) {
  const auto copy = MakeBare({})->Clone();
  EXPECT_EQ(copy.ok(), GetParam().traits.can_snapshot);
  if (!copy) {
    EXPECT_EQ(copy.error().code, ErrorCode::kRefused);
  }
}

TEST_P(NetworkConformance, ALinkThatIsClearedFollowsTheDefaultAgain) {
  // Packets go on the wire when time passes, over the link as it is then; and over TCP the first
  // message of a pair waits for a handshake.
  DELSTEP_APPLIES_ONLY_IF(!GetParam().traits.has_packets);
  auto driver = Make(3, WithLatency(10ms));
  driver.SetLink(0, 1, WithLatency(30ms));
  driver.Send(1, 0, 1);
  driver.ClearLink(0, 1);  // the message on the way keeps its arrival
  driver.Send(2, 0, 1);
  driver.ClearLink(0, 2);  // it has none of its own: nothing happens
  driver.SetDefaultLink(WithLatency(20ms));
  driver.Send(3, 0, 1);
  EXPECT_EQ(Ids(driver.AdvanceTo(15ms)), (std::set<std::uint64_t>{2}));
  EXPECT_EQ(Ids(driver.AdvanceTo(25ms)), (std::set<std::uint64_t>{3}));
  EXPECT_EQ(Ids(driver.AdvanceTo(35ms)), (std::set<std::uint64_t>{1}));
}

TEST_P(NetworkConformance, ALinkThatIsClearedGoesDownWithTheDefault) {
  auto driver = Make(2, {.up = false});
  driver.SetLink(0, 1, WithLatency(10ms));
  driver.Send(1, 0, 1);
  driver.ClearLink(0, 1);
  const Passage passage = driver.AdvanceTo(0ms);
  ASSERT_EQ(passage.size(), 1u);
  EXPECT_EQ(passage[0].lost, LossReason::kUnreachable);
}

TEST_P(NetworkConformance, SavedAndLoadedAnywhereItGoesOnAlike) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().traits.can_save);
  const LinkProperties link{
      .loss = 0.5, .latency = {Latency::Kind::kExponential, 5ms, {}}, .bandwidth = 1e6};
  auto driver = Make(4, link);
  const auto go_on = [](NetworkDriver& network, std::uint64_t first) {
    for (std::uint64_t id = first; id < first + 20; ++id)
      network.Send(id, static_cast<std::uint32_t>(id % 2), 2);
  };
  driver.SetLink(1, 2, WithLatency(40ms));
  driver.Detach(3);
  go_on(driver, 0);
  driver.AdvanceTo(30ms);
  driver.SetUp(0, false);

  auto loaded = Make(0, link);
  loaded.Load(driver.Save());
  EXPECT_EQ(loaded.now(), 30ms);
  EXPECT_EQ(loaded.in_flight(), driver.in_flight());
  EXPECT_EQ(loaded.Save(), driver.Save());
  for (NetworkDriver* network : {&driver, &loaded}) {
    network->SetUp(0, true);
    network->Attach(4);
    go_on(*network, 20);
  }
  const Passage expected = driver.Drain();
  EXPECT_GT(expected.size(), 20u) << "some were on the way when it was saved";
  EXPECT_EQ(Lines(loaded.Drain()), Lines(expected));
  EXPECT_EQ(loaded.now(), driver.now());
}

TEST_P(NetworkConformance, SavesItselfIfAndOnlyIfItSaysSo) {
  const auto network = MakeBare({});
  const auto saved = network->Save();
  EXPECT_EQ(saved.ok(), GetParam().traits.can_save);
  if (saved) return;
  EXPECT_EQ(saved.error().code, ErrorCode::kRefused);
  EXPECT_EQ(network->Load("").error().code, ErrorCode::kRefused);
}

TEST_P(NetworkConformance, BytesThatWereNotSavedAreRefused) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().traits.can_save);
  auto driver = Make(3, {.bandwidth = 1e6});
  driver.SetLink(0, 1, WithLatency(40ms));
  driver.Send(1, 0, 1);
  driver.Send(2, 0, 2);
  const std::string saved = driver.Save();
  ASSERT_TRUE(MakeBare({})->Load(saved).ok());
  for (std::size_t size = 0; size < saved.size(); size += GetParam().stride)
    EXPECT_EQ(MakeBare({})->Load(saved.substr(0, size)).error().code, ErrorCode::kFile)
        << "cut after " << size << " bytes";
  EXPECT_FALSE(MakeBare({})->Load(saved + "x").ok());
  // A changed byte may make another good network, but never a crash: what is loaded must drain.
  for (std::size_t i = 0; i < saved.size(); i += GetParam().stride) {
    std::string changed = saved;
    changed[i] = static_cast<char>(changed[i] ^ 0xff);
    auto network = MakeBare({});
    if (network->Load(changed)) {
      EXPECT_TRUE(network->Drain().ok());
    }
  }
}

}  // namespace
}  // namespace delstep
