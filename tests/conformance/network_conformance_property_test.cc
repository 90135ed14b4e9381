// Promises that hold after any sequence of operations.
#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "tests/conformance/network_conformance.h"

namespace delstep {
namespace {

using namespace std::chrono_literals;

/// What to do, two nodes, and how much: plain numbers, so that a failing sequence shrinks well.
using Operation = std::tuple<std::uint8_t, std::uint8_t, std::uint8_t, std::uint16_t>;
using Operations = std::vector<Operation>;

/// What came of the operations so far.
struct Record {
  std::vector<std::uint32_t> nodes = {0, 1, 2, 3};  // attached
  std::uint32_t next_node = 4;
  std::uint64_t sent = 0, delivered = 0, lost = 0;
  SimTime time{};  // up to which outcomes are told
  std::set<std::uint64_t> ended;
  std::vector<std::string> lines;
};

/// Plays operations and checks after each what must always hold.
class Player {
 public:
  explicit Player(NetworkDriver driver, Record record = {})
      : driver_(std::move(driver)), record_(std::move(record)) {}

  void Play(const Operations& operations) {
    for (const Operation& operation : operations) {
      Play(operation);
      RC_ASSERT(record_.sent == record_.delivered + record_.lost + driver_.in_flight());
    }
  }
  /// Until nothing is in flight; returns all outcomes.
  const std::vector<std::string>& Finish() {
    Take(driver_.Drain());
    RC_ASSERT(driver_.in_flight() == 0u);
    RC_ASSERT(record_.sent == record_.ended.size());
    return record_.lines;
  }
  Player Clone() const { return Player(driver_.Clone(), record_); }

 private:
  void Play(const Operation& operation) {
    const auto [kind, first, second, amount] = operation;
    const std::size_t from_at = first % 4, to_at = (from_at + 1 + second % 3) % 4;
    const std::uint32_t from = record_.nodes[from_at], to = record_.nodes[to_at];
    switch (kind % 16) {
      case 0:
        return Take(driver_.AdvanceTo(driver_.now() + amount * 1us));
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
      default:
        return driver_.Send(record_.sent++, from, to, amount);
    }
  }

  static LinkProperties Link(std::uint16_t amount) {
    constexpr Latency::Kind kKinds[] = {Latency::Kind::kConstant, Latency::Kind::kUniform,
                                        Latency::Kind::kNormal, Latency::Kind::kExponential};
    LinkProperties link;
    link.loss = amount % 3 * 0.5;
    link.latency = {kKinds[amount / 3 % 4], amount * 1us, amount * 2us};
    if (amount % 2 == 0) link.bandwidth = 1e6 + amount;
    link.up = amount % 5 != 0;
    return link;
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
  Record record_;
};

TEST_P(NetworkConformance, AnyOperationsConserveMessagesInOrderAndEndEachOnce) {
  EXPECT_TRUE(rc::check([](const Operations& operations, std::uint64_t seed) {
    Player player(Make(4, {}, seed));
    player.Play(operations);
    player.Finish();
  }));
}

TEST_P(NetworkConformance, EqualSeedsAndOperationsGiveEqualOutcomes) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().traits.simulated_time);
  EXPECT_TRUE(rc::check([](const Operations& operations, std::uint64_t seed) {
    Player first(Make(4, {}, seed)), second(Make(4, {}, seed));
    first.Play(operations);
    second.Play(operations);
    RC_ASSERT(first.Finish() == second.Finish());
  }));
}

TEST_P(NetworkConformance, ACopyTakenAnywhereGoesOnAsTheOriginalWould) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().traits.can_snapshot);
  EXPECT_TRUE(rc::check([](const Operations& before, const Operations& after, std::uint64_t seed) {
    Player original(Make(4, {}, seed));
    original.Play(before);
    Player copy = original.Clone();
    original.Play(after);
    const auto lines = original.Finish();
    copy.Play(after);
    RC_ASSERT(copy.Finish() == lines);
  }));
}

}  // namespace
}  // namespace delstep
