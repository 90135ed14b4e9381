// What the simulator's side promises of ns-3: its options, its traits, and going back. What ns-3
// does with packets is tested with the helper (tests/app/test_ns3_helper.py).
#include "network/ns3/ns3_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "delstep/mobility.h"

namespace delstep {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

Scenario ScenarioWith(const std::string& topology) {
  Scenario scenario;
  scenario.ns3.topology = topology;
  return scenario;
}

class Ns3NetworkTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (const std::string absence = Ns3Absence(); !absence.empty())
      GTEST_SKIP() << "ns-3 IS NOT TESTED: " << absence;
  }
};
using Ns3Topologies = Ns3NetworkTest;

std::unique_ptr<Network> Make(const Scenario& scenario, std::uint32_t nodes) {
  auto network = MakeNs3Network(scenario);
  EXPECT_TRUE(network) << (network ? "" : network.error().message);
  std::vector<NodeLegs> legs;
  for (std::uint32_t node = 0; node < nodes; ++node) {
    EXPECT_TRUE((*network)->Attach(NodeId{node}));
    // All in reach of each other, where that matters.
    legs.push_back({NodeId{node}, {{SimTime{}, SimTime::max(), {1.0 * node, 0, 0}, 0, 0, true}}});
  }
  if ((*network)->traits().has_positions) {
    EXPECT_TRUE((*network)->SetLegs(legs, SimTime::max()));
  }
  return *std::move(network);
}

void Flood(Network& network, std::uint64_t first_id, std::uint32_t nodes) {
  for (std::uint32_t from = 0; from < nodes; ++from)
    for (std::uint32_t to = 0; to < nodes; ++to)
      if (from != to) {
        EXPECT_TRUE(network.Send({MessageId{first_id++}, NodeId{from}, NodeId{to}, 5000}));
      }
}

using Row = std::tuple<std::uint64_t, std::int64_t, std::int64_t, bool>;
std::vector<Row> Rows(const Result<Passage>& passage) {
  EXPECT_TRUE(passage) << (passage ? "" : passage.error().message);
  std::vector<Row> rows;
  if (passage)
    for (const Outcome& outcome : *passage)
      rows.emplace_back(static_cast<std::uint64_t>(outcome.message.id),
                        outcome.sent.time_since_epoch().count(),
                        outcome.at.time_since_epoch().count(), outcome.lost.has_value());
  return rows;
}

TEST_F(Ns3NetworkTest, TellsItsVersion) {
  EXPECT_THAT(Ns3Version(), StartsWith("ns-3 3."));
  const auto network = Make({}, 0);
  EXPECT_EQ(network->traits().version, Ns3Version());
  EXPECT_EQ(network->traits().name, "ns3");
}

TEST_F(Ns3NetworkTest, TraitsFollowTheTopology) {
  const auto traits = [](const std::string& topology) {
    return Make(ScenarioWith(topology), 0)->traits();
  };
  EXPECT_TRUE(traits("mesh").single_links);
  EXPECT_FALSE(traits("star").single_links);
  EXPECT_TRUE(traits("star").has_capacities);
  EXPECT_FALSE(traits("mesh").has_capacities);
  EXPECT_TRUE(traits("wifi").has_positions);
  EXPECT_FALSE(traits("csma").has_positions);
  for (const char* topology : {"mesh", "star", "csma", "wifi"}) {
    const NetworkTraits its = traits(topology);
    EXPECT_TRUE(its.simulated_time && its.can_snapshot && its.can_save && its.can_withdraw);
    EXPECT_TRUE(its.has_packets && its.is_slow && !its.random_latency);
  }
}

TEST_F(Ns3NetworkTest, OptionsThatDoNotGoTogetherAreRefusedByTheirKey) {
  const auto refuses = [](const std::string& key, const std::string& topology, auto change) {
    SCOPED_TRACE(topology + " " + key);
    Scenario scenario = ScenarioWith(topology);
    change(scenario);
    const auto network = MakeNs3Network(scenario);
    ASSERT_FALSE(network);
    EXPECT_EQ(network.error().code, ErrorCode::kUsage);
    EXPECT_EQ(network.error().key, key);
    EXPECT_FALSE(network.error().hint.empty());
  };
  for (const char* topology : {"mesh", "csma", "wifi"}) {
    refuses("network.sharing", topology, [](Scenario& s) { s.network.sharing = "fair"; });
    refuses("network.up", topology, [](Scenario& s) { s.network.up = 1e6; });
    refuses("network.down", topology, [](Scenario& s) { s.network.down = 1e6; });
  }
  refuses("radio.model", "wifi", [](Scenario& s) { s.radio.model = "log-distance"; });
  refuses("ns3.mtu", "wifi", [](Scenario& s) { s.ns3.mtu = 9000; });
  refuses("network.latency", "wifi", [](Scenario& s) { s.network.link.latency.a = 1ms; });
  refuses("network.bandwidth", "wifi", [](Scenario& s) { s.network.link.bandwidth = 1e6; });
  refuses("network.latency", "mesh", [](Scenario& s) {
    s.network.link.latency = {Latency::Kind::kUniform, 1ms, 2ms};
  });
}

TEST_F(Ns3NetworkTest, WhatATopologyCannotDoLaterIsRefusedAndChangesNothing) {
  const auto refused = [](const Result<void>& result, const std::string& key) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::kRefused);
    EXPECT_EQ(result.error().key, key);
  };
  Scenario scenario = ScenarioWith("csma");
  scenario.network.link.bandwidth = 1e7;
  const auto bus = Make(scenario, 2);
  refused(bus->SetDefaultLink({.bandwidth = 1e6}), "network.bandwidth");
  LinkProperties link = scenario.network.link;
  link.loss = 0.5;
  refused(bus->SetLink(NodeId{0}, NodeId{1}, link), "network.loss");
  Flood(*bus, 0, 2);
  EXPECT_EQ(Rows(bus->Drain()).size(), 2u);

  const auto field = Make(ScenarioWith("wifi"), 2);
  refused(field->SetDefaultLink({.latency = {Latency::Kind::kConstant, 1ms, {}}}),
          "network.latency");
  EXPECT_TRUE(field->SetDefaultLink({.loss = 0.01}));
  Flood(*field, 0, 2);
  EXPECT_EQ(Rows(field->Drain()).size(), 2u);
}

// 101,800 bytes at 10 Mbit/s are 81.44 ms; what the packets' headers and the handshake add is less
// than a tenth of it, and no packet is faster than light.
TEST_F(Ns3NetworkTest, AMessageTakesTheTimeOfItsBytesAndALittleMore) {
  Scenario scenario;
  scenario.network.link = {.latency = {Latency::Kind::kConstant, 1ms, {}}, .bandwidth = 1e7};
  const auto network = Make(scenario, 2);
  ASSERT_TRUE(network->Send({MessageId{0}, NodeId{0}, NodeId{1}, 101'800}));
  const auto rows = Rows(network->Drain());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_GT(std::get<2>(rows[0]), 81'440'000 + 1'000'000);
  EXPECT_LT(std::get<2>(rows[0]), 81'440'000 * 11 / 10 + 3'000'000);
}

// 5000 bytes at 1 Mbit/s are 40 ms: the uplink of node 0 sends two messages one after the other.
TEST_F(Ns3NetworkTest, NodesOfAStarShareTheirUplink) {
  const auto star = Make(ScenarioWith("star"), 3);
  ASSERT_TRUE(star->SetCapacity(NodeId{0}, 1e6, INFINITY));
  for (std::uint32_t to : {1u, 2u})
    ASSERT_TRUE(star->Send({MessageId{to}, NodeId{0}, NodeId{to}, 5000}));
  const auto rows = Rows(star->Drain());
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_GT(std::get<2>(rows[1]), 80'000'000);
  EXPECT_LT(std::get<2>(rows[1]), 100'000'000);
}

// radio.range is 100 m.
TEST_F(Ns3NetworkTest, WhereNodesAreDecidesWhoHearsWhom) {
  Scenario scenario = ScenarioWith("wifi");
  scenario.ns3.ttl = 1s;
  const auto field = Make(scenario, 3);
  const auto at = [](std::uint32_t node, double x, bool present = true) {
    return NodeLegs{NodeId{node}, {{SimTime{}, SimTime::max(), {x, 0, 0}, 0, 0, present}}};
  };
  auto arrives = [&, id = std::uint64_t{0}]() mutable {
    EXPECT_TRUE(field->Send({MessageId{id++}, NodeId{0}, NodeId{1}, 1000}));
    return !std::get<3>(Rows(field->Drain()).at(0));
  };
  ASSERT_TRUE(field->SetLegs(std::vector{at(0, 0), at(1, 99), at(2, 500)}, SimTime::max()));
  EXPECT_TRUE(arrives());
  ASSERT_TRUE(field->SetLegs(std::vector{at(1, 101)}, SimTime::max()));
  EXPECT_FALSE(arrives());
  ASSERT_TRUE(field->SetLegs(std::vector{at(1, 50)}, SimTime::max()));
  EXPECT_TRUE(arrives());
  ASSERT_TRUE(field->SetLegs(std::vector{at(1, 50, false)}, SimTime::max()));
  EXPECT_FALSE(arrives()) << "is nowhere";
}

TEST_P(Ns3Topologies, GoingBackAndPlayingAgainComeToTheSame) {
  constexpr std::uint32_t kNodes = 4;
  Scenario scenario = ScenarioWith(GetParam());
  scenario.network.link.loss = 0.02;
  if (scenario.ns3.topology != "wifi") scenario.network.link.bandwidth = 1e7;
  const auto network = Make(scenario, kNodes);
  Flood(*network, 0, kNodes);
  const auto early = Rows(network->AdvanceTo(SimTime{6ms}));
  ASSERT_GT(network->in_flight(), 0u) << "something is in the air";
  const auto copy = *network->Clone();
  auto loaded = *MakeNs3Network(scenario);
  ASSERT_TRUE(loaded->Load(*network->Save()));
  EXPECT_EQ(loaded->in_flight(), network->in_flight());
  const auto go_on = [](Network& its) {
    EXPECT_TRUE(its.SetUp(NodeId{2}, false));
    EXPECT_TRUE(its.Detach(NodeId{3}));
    Flood(its, 100, 3);
    return Rows(its.Drain());
  };
  const auto rows = go_on(*network);
  EXPECT_EQ(early.size() + rows.size(), kNodes * (kNodes - 1) + 6);
  EXPECT_EQ(go_on(*copy), rows);
  EXPECT_EQ(go_on(*loaded), rows);
  EXPECT_EQ(copy->now(), network->now());
}
INSTANTIATE_TEST_SUITE_P(Topology, Ns3Topologies, testing::Values("mesh", "star", "csma", "wifi"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace delstep
