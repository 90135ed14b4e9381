#pragma once
/// What every network backend promises, as tests. A backend joins with one line in
/// network_conformance_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "delstep/network.h"
#include "delstep/registry.h"

namespace delstep {

struct NetworkBackend {
  std::string name;  ///< letters and digits: part of the tests' names
  MakeNetwork make;
  /// What it must tell of itself. Where simulated_time is false, tests that repeat a run or that
  /// tell times do not apply; where can_snapshot is false, those of Clone().
  NetworkTraits traits;
  /// A message takes exactly ceil(bits / bandwidth) + latency: no headers, no handshakes.
  bool exact = true;
  /// It is a program of its own, and takes a while to begin: a test that makes a network for each
  /// of many bytes takes every so many only.
  std::size_t stride = 1;
  /// What packets lose is sent again, so that a loss is a delay.
  bool sends_again = false;
};

inline void PrintTo(const NetworkBackend& backend, std::ostream* out) { *out << backend.name; }

/// One outcome in a line, so that a failed comparison can be read: "message 3 arrived at 20000000
/// ns".
inline std::string Arrived(std::uint64_t id, Duration at) {
  return "message " + std::to_string(id) + " arrived at " + std::to_string(at.count()) + " ns";
}
inline std::string LostAt(std::uint64_t id, Duration at, LossReason reason) {
  return "message " + std::to_string(id) + " lost (" + std::string(Name(reason)) + ") at " +
         std::to_string(at.count()) + " ns";
}
inline std::vector<std::string> Lines(const Passage& passage) {
  std::vector<std::string> lines;
  for (const Outcome& outcome : passage) {
    const auto id = static_cast<std::uint64_t>(outcome.message.id);
    const Duration at = outcome.at.time_since_epoch();
    lines.push_back(outcome.lost ? LostAt(id, at, *outcome.lost) : Arrived(id, at));
  }
  return lines;
}

/// As near to `link` as a network with these traits has it.
inline LinkProperties Nearest(LinkProperties link, const NetworkTraits& traits) {
  if (!traits.random_latency) link.latency = {Latency::Kind::kConstant, link.latency.a, {}};
  return link;
}

inline LinkProperties WithLatency(Duration latency) {
  return {.latency = {Latency::Kind::kConstant, latency, {}}};
}

/// A network, driven with plain numbers; every call must succeed.
class NetworkDriver {
 public:
  NetworkDriver(std::unique_ptr<Network> network, std::uint32_t nodes)
      : network_(std::move(network)) {
    for (std::uint32_t node = 0; node < nodes; ++node) Attach(node);
  }

  const NetworkTraits& traits() const { return network_->traits(); }
  Duration now() const { return network_->now().time_since_epoch(); }
  std::size_t in_flight() const { return network_->in_flight(); }

  void Attach(std::uint32_t node) { Must(network_->Attach(NodeId{node})); }
  void Detach(std::uint32_t node) { Must(network_->Detach(NodeId{node})); }
  void SetUp(std::uint32_t node, bool up) { Must(network_->SetUp(NodeId{node}, up)); }
  void SetDefaultLink(const LinkProperties& link) {
    Must(network_->SetDefaultLink(Nearest(link, traits())));
  }
  void SetLink(std::uint32_t from, std::uint32_t to, const LinkProperties& link) {
    Must(network_->SetLink(NodeId{from}, NodeId{to}, Nearest(link, traits())));
  }
  void ClearLink(std::uint32_t from, std::uint32_t to) {
    Must(network_->ClearLink(NodeId{from}, NodeId{to}));
  }
  void Send(std::uint64_t id, std::uint32_t from, std::uint32_t to, Bytes bytes = 1000) {
    Must(network_->Send({MessageId{id}, NodeId{from}, NodeId{to}, bytes}));
  }
  Passage AdvanceTo(Duration time) { return Must(network_->AdvanceTo(SimTime{time})); }
  Passage AdvanceToNext(Duration limit) { return Must(network_->AdvanceToNext(SimTime{limit})); }
  void SetCapacity(std::uint32_t node, double up, double down) {
    Must(network_->SetCapacity(NodeId{node}, up, down));
  }
  Passage Drain(const std::vector<std::uint64_t>& until = {}) {
    std::vector<MessageId> ids;
    for (const std::uint64_t id : until) ids.push_back(MessageId{id});
    return Must(network_->Drain(ids));
  }
  void Withdraw(const std::vector<std::uint64_t>& messages) {
    std::vector<MessageId> ids;
    for (const std::uint64_t id : messages) ids.push_back(MessageId{id});
    Must(network_->Withdraw(ids));
  }
  std::vector<ExpectedArrival> ExpectedArrivals() const { return network_->ExpectedArrivals(); }
  NetworkDriver Clone() const { return {Must(network_->Clone()), 0}; }
  std::string Save() const { return Must(network_->Save()); }
  void Load(std::string_view saved) { Must(network_->Load(saved)); }

 private:
  static void Must(Result<void> result) {
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
  }
  template <class T>
  static T Must(Result<T> result) {
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
    return result.ok() ? *std::move(result) : T{};
  }

  std::unique_ptr<Network> network_;
};

class NetworkConformance : public testing::TestWithParam<NetworkBackend> {
 protected:
  /// A backend that this machine lacks is not tested, and that is said aloud.
  void SetUp() override {
    static std::map<std::string, std::string> absences;  // by backend; it takes a while to find out
    const auto [absence, is_new] = absences.try_emplace(GetParam().name);
    if (is_new && GetParam().stride > 1)
      if (const auto network = GetParam().make({});
          !network && network.error().code == ErrorCode::kUnavailable)
        absence->second = network.error().message;
    if (!absence->second.empty())
      GTEST_SKIP() << GetParam().name << " IS NOT TESTED: " << absence->second;
  }

  static std::unique_ptr<Network> MakeBare(const LinkProperties& link, std::uint64_t seed = 1) {
    Scenario scenario;
    scenario.network.link = Nearest(link, GetParam().traits);
    scenario.seed = seed;
    auto network = GetParam().make(scenario);
    EXPECT_TRUE(network.ok()) << (network.ok() ? "" : network.error().message);
    return *std::move(network);
  }
  static NetworkDriver Make(std::uint32_t nodes, const LinkProperties& link,
                            std::uint64_t seed = 1) {
    return {MakeBare(link, seed), nodes};
  }
};

/// Says when random cases are enough. Where a network takes a while to begin, a tenth of them must
/// do.
class CaseCount {
 public:
  explicit CaseCount(const NetworkBackend& backend) : most_(backend.stride > 1 ? 10 : 1'000'000) {}
  bool IsEnough() { return ++cases_ > most_; }

 private:
  int cases_ = 0, most_;
};

/// Leaves a test that does not apply to the backend.
#define DELSTEP_APPLIES_ONLY_IF(condition) \
  if (!(condition)) GTEST_SKIP() << "does not apply: " #condition

}  // namespace delstep
