#pragma once
/// Plays random operations on a network and checks after each what must always hold.
#include <rapidcheck.h>

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

#include "tests/conformance/network_conformance.h"

namespace delstep {

constexpr Duration kMicrosecond{1000};

/// What to do, two nodes, and how much: plain numbers, so that a failing sequence shrinks well.
using Operation = std::tuple<std::uint8_t, std::uint8_t, std::uint8_t, std::uint16_t>;
using Operations = std::vector<Operation>;

/// What came of the operations so far.
struct PlayRecord {
  std::vector<std::uint32_t> nodes = {0, 1, 2, 3};  // attached
  std::uint32_t next_node = 4;
  std::uint64_t sent = 0, delivered = 0, lost = 0, withdrawn = 0;
  SimTime time{};  // up to which outcomes are told
  std::set<std::uint64_t> ended;
  std::vector<std::string> lines;
  bool sets_capacities = true;  // where the network has them
};

/// Plays operations on four nodes (one that leaves is replaced) and checks after each what must
/// always hold.
class NetworkPlayer {
 public:
  explicit NetworkPlayer(NetworkDriver driver, PlayRecord record = {})
      : driver_(std::move(driver)), record_(std::move(record)) {}

  void Play(const Operations& operations) {
    for (const Operation& operation : operations) Play(operation);
  }
  void Play(const Operation& operation) {
    Do(operation);
    RC_ASSERT(record_.sent ==
              record_.delivered + record_.lost + record_.withdrawn + driver_.in_flight());
  }
  /// The time passes in one piece, or from one end to the next.
  void AdvanceTo(Duration time) { Take(driver_.AdvanceTo(time)); }
  void AdvanceInSteps(Duration time) {
    while (driver_.now() < time) {
      const Passage passage = driver_.AdvanceToNext(time);
      for (const Outcome& outcome : passage)
        RC_ASSERT(outcome.at.time_since_epoch() == driver_.now());
      RC_ASSERT(!passage.empty() || driver_.now() == time);
      Take(passage);
    }
    Take(driver_.AdvanceTo(time));
  }
  /// Until nothing is in flight; returns all outcomes.
  const std::vector<std::string>& Finish() {
    Take(driver_.Drain());
    RC_ASSERT(driver_.in_flight() == 0u);
    RC_ASSERT(record_.sent == record_.ended.size() + record_.withdrawn);
    return record_.lines;
  }
  const std::vector<std::string>& lines() const { return record_.lines; }
  Duration now() const { return driver_.now(); }
  std::size_t in_flight() const { return driver_.in_flight(); }
  std::vector<std::pair<std::uint64_t, Duration>> arrivals() const {
    std::vector<std::pair<std::uint64_t, Duration>> pairs;
    for (const auto& [message, at] : driver_.ExpectedArrivals())
      pairs.emplace_back(static_cast<std::uint64_t>(message), at.time_since_epoch());
    return pairs;
  }
  NetworkPlayer Clone() const { return NetworkPlayer(driver_.Clone(), record_); }
  std::string Save() const { return driver_.Save(); }
  /// Goes on in `fresh`, which becomes what this one's network was.
  NetworkPlayer GoOnIn(NetworkDriver fresh) const {
    fresh.Load(driver_.Save());
    return NetworkPlayer(std::move(fresh), record_);
  }

 private:
  void Do(const Operation& operation) {
    const auto [kind, first, second, amount] = operation;
    const std::size_t from_at = first % 4, to_at = (from_at + 1 + second % 3) % 4;
    const std::uint32_t from = record_.nodes[from_at], to = record_.nodes[to_at];
    switch (kind % 18) {
      case 0:
        return Take(driver_.AdvanceTo(driver_.now() + amount * kMicrosecond));
      case 1:
        return Take(driver_.Drain());
      case 2:
        return Take(driver_.Drain({amount, amount / 2u, record_.sent / 2}));
      case 3:
        return driver_.SetUp(from, false);
      case 4:
      case 5:
        return driver_.SetUp(from, true);
      case 6:
        return Replace(from_at);
      case 7:
      case 8:
        return driver_.SetLink(from, to, Link(amount));
      case 9:
        return driver_.SetDefaultLink(Link(amount));
      case 10:
        return driver_.ClearLink(from, to);
      case 11:
        return Withdraw(amount);
      case 12:
        return Take(driver_.AdvanceToNext(driver_.now() + amount * kMicrosecond));
      case 13:
        if (!driver_.traits().has_capacities || !record_.sets_capacities) return;
        return driver_.SetCapacity(from, Capacity(amount), Capacity(second));
      default:
        return driver_.Send(record_.sent++, from, to, amount);
    }
  }

  /// From 1 Mbit/s; half of them without a limit, so that the other kinds of waiting are seen too.
  static double Capacity(std::uint16_t amount) {
    return amount % 2 == 0 ? 1e6 + amount : std::numeric_limits<double>::infinity();
  }
  static LinkProperties Link(std::uint16_t amount) {
    constexpr Latency::Kind kKinds[] = {Latency::Kind::kConstant, Latency::Kind::kUniform,
                                        Latency::Kind::kNormal, Latency::Kind::kExponential};
    LinkProperties link;
    link.loss = amount % 3 * 0.5;
    link.latency = {kKinds[amount / 3 % 4], amount * kMicrosecond, amount * 2 * kMicrosecond};
    if (amount % 7 == 0) link.latency = {};  // some arrive in the instant they are sent
    if (amount % 2 == 0) link.bandwidth = 1e6 + amount;
    link.up = amount % 5 != 0;
    return link;
  }

  /// One of those whose arrivals are known, and every second one after it.
  void Withdraw(std::uint16_t first) {
    const std::vector<ExpectedArrival> known = driver_.ExpectedArrivals();
    if (known.empty() || !driver_.traits().can_withdraw) return;
    std::vector<std::uint64_t> ids;
    for (std::size_t i = first % known.size(); i < known.size(); i += 2)
      ids.push_back(static_cast<std::uint64_t>(known[i].message));
    driver_.Withdraw(ids);
    record_.withdrawn += ids.size();
  }

  void Replace(std::size_t at) {
    driver_.Detach(record_.nodes[at]);
    record_.nodes[at] = record_.next_node++;
    driver_.Attach(record_.nodes[at]);
  }

  void Take(const Passage& passage) {
    RC_ASSERT(std::ranges::is_sorted(passage, {}, &Outcome::at));
    for (const Outcome& outcome : passage) {
      RC_ASSERT(outcome.sent <= outcome.at);
      RC_ASSERT(outcome.at >= record_.time);
      RC_ASSERT(outcome.at.time_since_epoch() <= driver_.now());
      RC_ASSERT(record_.ended.insert(static_cast<std::uint64_t>(outcome.message.id)).second);
      ++(outcome.lost ? record_.lost : record_.delivered);
    }
    record_.time = SimTime{driver_.now()};
    for (std::string& line : Lines(passage)) record_.lines.push_back(std::move(line));
  }

  NetworkDriver driver_;
  PlayRecord record_;
};

}  // namespace delstep
