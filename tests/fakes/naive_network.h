#pragma once
/// The rules of network/builtin/builtin_network.h in the plainest way: one list of all messages
/// ever sent, searched from the start for every question. An oracle for the real one, which keeps
/// a heap and a record per link.
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "delstep/network.h"
#include "delstep/random.h"
#include "delstep/scenario.h"

namespace delstep::fakes {

class NaiveNetwork final : public Network {
 public:
  NaiveNetwork(const LinkProperties& link, std::uint64_t seed) : seed_(seed), default_(link) {}
  const NetworkTraits& traits() const override {
    static constexpr NetworkTraits kTraits{
        .can_snapshot = true, .can_withdraw = true, .name = "naive"};
    return kTraits;
  }

 private:
  struct Record {
    Outcome outcome;
    bool reported = false, withdrawn = false;
    bool OnTheWay() const { return !reported && !withdrawn; }
    SimTime transmitted{};  // when its last bit left the sender
  };
  static bool IsOn(const Message& message, NodeId from, NodeId to) {
    return message.from == from && message.to == to;
  }
  static bool Touches(const Message& message, NodeId node) {
    return message.from == node || message.to == node;
  }

  std::size_t DoInFlight() const override {
    return static_cast<std::size_t>(std::ranges::count_if(records_, &Record::OnTheWay));
  }
  Result<void> DoAttach(NodeId node) override {
    up_[node] = true;
    return {};
  }
  Result<void> DoDetach(NodeId node) override {
    return End(LossReason::kDetached, [&](const Message& m) { return Touches(m, node); });
  }
  Result<void> DoSetUp(NodeId node, bool up) override {
    const bool falls = up_[node] && !up;
    up_[node] = up;
    return End(LossReason::kDown, [&](const Message& m) { return falls && Touches(m, node); });
  }
  Result<void> DoSetDefaultLink(const LinkProperties& link) override {
    default_ = link;
    return End(LossReason::kUnreachable, [&](const Message& m) {
      return !link.up && !single_.contains({m.from, m.to});
    });
  }
  Result<void> DoSetLink(NodeId from, NodeId to, const LinkProperties& link) override {
    single_[{from, to}] = link;
    return End(LossReason::kUnreachable,
               [&](const Message& m) { return !link.up && IsOn(m, from, to); });
  }

  Result<void> DoClearLink(NodeId from, NodeId to) override {
    const bool falls = single_.erase({from, to}) > 0 && !default_.up;
    return End(LossReason::kUnreachable,
               [&](const Message& m) { return falls && IsOn(m, from, to); });
  }

  Result<void> DoSend(const Message& message) override {
    const auto single = single_.find({message.from, message.to});
    const LinkProperties& link = single == single_.end() ? default_ : single->second;
    std::uint64_t number = 0;
    SimTime free = now();
    for (const Record& earlier : records_)
      if (IsOn(earlier.outcome.message, message.from, message.to)) {
        ++number;
        free = std::max(free, earlier.transmitted);
      }
    Record& record = records_.emplace_back(Record{{message, now(), now(), {}}});
    if (!up_[message.from]) {
      record.outcome.lost = LossReason::kDown;
    } else if (!link.up) {
      record.outcome.lost = LossReason::kUnreachable;
    } else {
      const std::uint64_t pair = std::uint64_t{Index(message.from)} << 32 | Index(message.to);
      SimTime transmitted = now();
      if (!std::isinf(link.bandwidth)) {
        const double nanoseconds =
            std::ceil(8e9 * static_cast<double>(message.bytes) / link.bandwidth);
        transmitted = free + Duration(static_cast<std::int64_t>(nanoseconds));
        record.transmitted = transmitted;
      }
      Random loss(MakeKey(seed_, Purpose::kLoss, pair, number));
      if (loss.Chance(link.loss)) record.outcome.lost = LossReason::kLoss;
      record.outcome.at = transmitted + Draw(link.latency, pair, number);
    }
    return {};
  }
  Duration Draw(const Latency& latency, std::uint64_t pair, std::uint64_t number) const {
    Random random(MakeKey(seed_, Purpose::kLatency, pair, number));
    const auto a = static_cast<double>(latency.a.count()),
               b = static_cast<double>(latency.b.count());
    double drawn = a;
    if (latency.kind == Latency::Kind::kUniform && b > a)
      drawn = a + static_cast<double>(random.Below(static_cast<std::uint64_t>(b - a)));
    if (latency.kind == Latency::Kind::kNormal) drawn = std::max(0.0, a + b * random.Normal());
    if (latency.kind == Latency::Kind::kExponential) drawn = a * random.Exponential();
    return Duration(std::llround(drawn));
  }

  /// Ends those on the way that are affected: they have no later end, and leave their link.
  template <class Affected>
  Result<void> End(LossReason reason, Affected affected) {
    for (Record& record : records_) {
      Outcome& outcome = record.outcome;
      const bool lost_before = outcome.lost && outcome.at <= now();
      const bool gone = record.withdrawn && outcome.at <= now();
      if (record.reported || lost_before || gone || !affected(outcome.message)) continue;
      // What was withdrawn has no outcome, but leaves its link as it would have.
      outcome.lost = reason;
      outcome.at = record.transmitted = now();
    }
    return {};
  }
  Result<Passage> DoAdvanceTo(SimTime deadline) override {
    Passage passage;
    for (Record& record : records_) {
      if (!record.OnTheWay() || record.outcome.at > deadline) continue;
      record.reported = true;
      passage.push_back(record.outcome);
      if (!record.outcome.lost && !up_[record.outcome.message.to])
        passage.back().lost = LossReason::kDown;
    }
    std::ranges::stable_sort(passage, {}, &Outcome::at);  // records are in the order of sending
    return passage;
  }
  Result<Passage> DoAdvanceToNext(SimTime limit, SimTime& end) override {
    for (const Record& record : records_)
      if (record.OnTheWay()) end = std::min(end, std::max(now(), record.outcome.at));
    end = std::min(end, limit);
    return DoAdvanceTo(end);
  }
  Result<Passage> DoDrain(std::span<const MessageId> until, SimTime& end) override {
    for (const Record& record : records_) {
      const bool awaited =
          until.empty() || std::ranges::count(until, record.outcome.message.id) > 0;
      if (awaited && record.OnTheWay()) end = std::max(end, record.outcome.at);
    }
    return DoAdvanceTo(end);
  }
  Result<void> DoWithdraw(std::span<const MessageId> messages) override {
    for (Record& record : records_)
      if (std::ranges::count(messages, record.outcome.message.id) > 0) record.withdrawn = true;
    return {};
  }
  std::vector<ExpectedArrival> DoExpectedArrivals() const override {
    std::map<MessageId, SimTime> arrivals;
    for (const Record& record : records_)
      if (record.OnTheWay()) arrivals[record.outcome.message.id] = record.outcome.at;
    std::vector<ExpectedArrival> list;
    for (const auto& [message, at] : arrivals) list.push_back({.message = message, .at = at});
    return list;
  }
  Result<std::unique_ptr<Network>> DoClone() const override {
    return std::make_unique<NaiveNetwork>(*this);
  }

  std::uint64_t seed_;
  LinkProperties default_;
  std::map<std::pair<NodeId, NodeId>, LinkProperties> single_;
  std::map<NodeId, bool> up_;
  std::vector<Record> records_;  // of all messages, in the order of sending
};

inline Result<std::unique_ptr<Network>> MakeNaiveNetwork(const NetworkOptions& options,
                                                         std::uint64_t seed) {
  return std::make_unique<NaiveNetwork>(options.link, seed);
}

}  // namespace delstep::fakes
