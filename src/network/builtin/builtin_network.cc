#include "network/builtin/builtin_network.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/cow.h"
#include "delstep/random.h"
#include "network/builtin/flights.h"
#include "network/builtin/link_table.h"
#include "network/builtin/link_times.h"
#include "network/builtin/link_uses.h"
#include "network/builtin/sharing.h"
#include "ports/network_bytes.h"

namespace delstep {
namespace {

/// With private links nothing that happens while time passes causes anything else: the arrival is
/// known when a message is sent, and nodes and links change only between the calls. So the queue of
/// events is the messages themselves. Where bandwidth is shared, a Sharing holds the messages whose
/// end is not known yet.
class BuiltinNetwork final : public Network {
 public:
  BuiltinNetwork(const LinkProperties& link, std::uint64_t seed, std::unique_ptr<Sharing> sharing)
      : seed_(seed), links_(link), shares_(sharing != nullptr) {
    if (sharing) sharing_ = SharingValue(std::move(sharing));
  }

  const NetworkTraits& traits() const override {
    static const NetworkTraits kPrivate = BuiltinTraits(false), kShared = BuiltinTraits(true);
    return shares_ ? kShared : kPrivate;
  }

 private:
  // Whether the receiver is up is asked at the arrival, not when the message was sent.
  auto Report() const {
    return [this](Outcome& outcome) {
      if (!outcome.lost && !up_[Index(outcome.message.to)]) outcome.lost = LossReason::kDown;
    };
  }

  std::size_t DoInFlight() const override {
    return on_the_way_.size() + (shares_ ? sharing_->sharing->in_flight() : 0);
  }
  Result<void> DoAttach(NodeId node) override;
  Result<void> DoDetach(NodeId node) override;
  Result<void> DoSetUp(NodeId node, bool up) override;
  Result<void> DoSetDefaultLink(const LinkProperties& link) override;
  Result<void> DoSetLink(NodeId from, NodeId to, const LinkProperties& link) override;
  Result<void> DoClearLink(NodeId from, NodeId to) override;
  Result<void> DoSend(const Message& message) override;
  Result<void> DoSetCapacity(NodeId node, double up, double down) override;
  Result<Passage> DoAdvanceTo(SimTime deadline) override {
    MoveOnUntil(deadline);
    return on_the_way_.TakeUntil(deadline, Report());
  }
  Result<Passage> DoAdvanceToNext(SimTime limit, SimTime& end) override;
  Result<Passage> DoDrain(std::span<const MessageId> until, SimTime& end) override;
  Result<void> DoWithdraw(std::span<const MessageId> messages) override;
  std::vector<ExpectedArrival> DoExpectedArrivals() const override;
  Result<std::unique_ptr<Network>> DoClone() const override {
    return std::make_unique<BuiltinNetwork>(*this);
  }
  Result<std::string> DoSave() const override;
  Result<void> DoLoad(std::string_view saved) override;

  /// The message gets the next number. A private link is occupied until it is transmitted, and its
  /// end is known; where bandwidth is shared, it becomes a transfer.
  Result<void> Transmit(const LinkProperties& link, LinkUse& use, Outcome outcome);
  /// Ends those messages on the way, now, for which affected(message) holds.
  template <class Affected>
  void End(LossReason reason, Affected affected);

  // Where bandwidth is shared; without transfers these do nothing, and keep sharing with copies.
  bool HasTransfers() const { return shares_ && !sharing_->sharing->IsIdle(); }
  Sharing& WriteSharing() { return *sharing_.Write().sharing; }
  /// Moves transfers on at their next moment up to `bound`. Returns false if there is none; else
  /// `through` is told of each that is on the way to a known end from now on.
  template <class Through>
  bool MoveOn(SimTime bound, Through through);
  void MoveOnUntil(SimTime time) {
    while (MoveOn(time, [](const Flight&) {})) {
    }
  }

  // What may be large is shared by copies until one of them changes it.
  std::uint64_t seed_;
  LinkTable links_;
  LinkUses uses_;
  bool shares_;
  Cow<SharingValue> sharing_;  // nothing unless shares_
  std::vector<bool> up_;       // by node
  std::uint64_t sent_ = 0;
  Flights on_the_way_;
  // Of what was withdrawn, that which still keeps its link busy: if the link goes away, it is free.
  std::vector<Outcome> withdrawn_;
};

Result<void> BuiltinNetwork::DoAttach(NodeId node) {
  if (up_.size() <= Index(node)) up_.resize(Index(node) + 1);
  up_[Index(node)] = true;
  return {};
}

Result<void> BuiltinNetwork::DoDetach(NodeId node) {
  // Its messages end before it goes: they are reported with the next passage.
  End(LossReason::kDetached, [&](const Message& m) { return m.from == node || m.to == node; });
  // A number is never used again, so what the links of the node remember is of no use.
  links_.Forget(node);
  uses_.Forget(node);
  if (shares_) WriteSharing().FreeDownlink(node, now());
  return {};
}

Result<void> BuiltinNetwork::DoSetUp(NodeId node, bool up) {
  if (up_[Index(node)] && !up) {
    End(LossReason::kDown, [&](const Message& m) { return m.from == node || m.to == node; });
    if (shares_) WriteSharing().FreeDownlink(node, now());
  }
  up_[Index(node)] = up;
  return {};
}

Result<void> BuiltinNetwork::DoSetDefaultLink(const LinkProperties& link) {
  links_.SetDefault(link);
  if (!link.up)
    End(LossReason::kUnreachable,
        [&](const Message& m) { return !links_.HasOwn(PairOf(m.from, m.to)); });
  return {};
}

Result<void> BuiltinNetwork::DoSetLink(NodeId from, NodeId to, const LinkProperties& link) {
  links_.Set(PairOf(from, to), link);
  if (!link.up)
    End(LossReason::kUnreachable, [&](const Message& m) { return m.from == from && m.to == to; });
  return {};
}

Result<void> BuiltinNetwork::DoClearLink(NodeId from, NodeId to) {
  if (!links_.HasOwn(PairOf(from, to))) return {};
  links_.Clear(PairOf(from, to));
  if (!links_.standard().up)
    End(LossReason::kUnreachable, [&](const Message& m) { return m.from == from && m.to == to; });
  return {};
}

Result<void> BuiltinNetwork::DoSetCapacity(NodeId node, double up, double down) {
  WriteSharing().SetCapacity(node, {.up = up, .down = down}, now());
  return {};
}

Result<void> BuiltinNetwork::DoSend(const Message& message) {
  const Pair pair = PairOf(message.from, message.to);
  const LinkProperties& link = links_.Of(pair);
  LinkUse& use = uses_.At(message.from, message.to);
  Outcome outcome{message, now(), now(), std::nullopt};
  if (!up_[Index(message.from)]) {
    outcome.lost = LossReason::kDown;
  } else if (!link.up) {
    outcome.lost = LossReason::kUnreachable;
  }
  if (outcome.lost) {
    on_the_way_.Add({outcome, sent_++});
  } else {
    DELSTEP_TRY(Transmit(link, use, outcome));
  }
  // Counted also where nothing was transmitted: the number names the stream of the next message.
  ++use.messages;
  return {};
}

Result<void> BuiltinNetwork::Transmit(const LinkProperties& link, LinkUse& use, Outcome outcome) {
  const auto [id, from, to, bytes] = outcome.message;
  // Without a bandwidth there is nothing to wait for, and no memory of when the link is free.
  const bool queues = !std::isinf(link.bandwidth);
  double bandwidth = link.bandwidth;
  if (shares_)
    bandwidth = std::min({bandwidth, sharing_->sharing->CapacityOf(from).up,
                          sharing_->sharing->CapacityOf(to).down});
  const SimTime start = queues ? std::max(now(), use.free) : now();
  const auto done = Later(start, TransmissionTime(bytes, bandwidth));
  const Pair pair = PairOf(from, to);
  const auto latency =
      DrawLatency(link.latency, MakeKey(seed_, Purpose::kLatency, pair, use.messages));
  const auto arrival = Later(done, latency);
  if (!arrival)
    return Refused(
        fmt::format("message {} of {} bytes from node {} to node {} would arrive after the end of "
                    "simulated time (292 years)",
                    static_cast<std::uint64_t>(id), bytes, Index(from), Index(to)),
        "raise the bandwidth of the link or lower its latency");
  if (link.loss > 0 && Random(MakeKey(seed_, Purpose::kLoss, pair, use.messages)).Chance(link.loss))
    outcome.lost = LossReason::kLoss;
  if (shares_) {
    Sharing& sharing = WriteSharing();
    sharing.Send({.flight = {outcome, sent_++}, .latency = *latency, .bandwidth = link.bandwidth},
                 now(), uses_);
    for (const Flight& flight : sharing.TakeThrough()) on_the_way_.Add(flight);
    return {};
  }
  // Also by a message that will be lost: it is lost on the way, not before.
  if (queues) use.free = *done;
  outcome.at = *arrival;
  on_the_way_.Add({outcome, sent_++});
  return {};
}

template <class Through>
bool BuiltinNetwork::MoveOn(SimTime bound, Through through) {
  if (!HasTransfers()) return false;
  Sharing& sharing = WriteSharing();
  const std::optional<SimTime> next = sharing.Next(bound);
  if (!next) return false;
  sharing.Pass(*next, uses_);
  for (const Flight& flight : sharing.TakeThrough()) {
    on_the_way_.Add(flight);
    through(flight);
  }
  return true;
}

// A transfer that moves on may end before all that is known to end; one that moves on later cannot.
Result<Passage> BuiltinNetwork::DoAdvanceToNext(SimTime limit, SimTime& end) {
  do {
    end = limit;
    if (!on_the_way_.empty()) end = std::min(limit, std::max(now(), on_the_way_.next_end()));
  } while (MoveOn(end, [](const Flight&) {}));
  return on_the_way_.TakeUntil(end, Report());
}

Result<Passage> BuiltinNetwork::DoDrain(std::span<const MessageId> until, SimTime& end) {
  const auto ignore = [](const Flight&) {};
  // All of them: no need to look for each.
  if (until.empty()) {
    while (shares_ && sharing_->sharing->in_flight() > 0 && MoveOn(SimTime::max(), ignore)) {
    }
    Passage passage = on_the_way_.TakeAll(Report());
    if (!passage.empty()) end = std::max(end, passage.back().at);
    MoveOnUntil(end);  // what was withdrawn goes on too
    return passage;
  }
  std::vector<MessageId> awaited(until.begin(), until.end());
  std::ranges::sort(awaited);
  const auto is_awaited = [&](const Message& message) {
    return std::ranges::binary_search(awaited, message.id);
  };
  std::size_t missing = 0;
  if (HasTransfers())
    WriteSharing().ForEach([&](const Transfer& transfer) {
      missing += !transfer.withdrawn && is_awaited(transfer.message());
    });
  const auto count = [&](const Flight& flight) { missing -= is_awaited(flight.outcome.message); };
  while (missing > 0 && MoveOn(SimTime::max(), count)) {
  }
  for (const auto& [outcome, number] : on_the_way_)
    if (is_awaited(outcome.message)) end = std::max(end, outcome.at);
  MoveOnUntil(end);
  return on_the_way_.TakeUntil(end, Report());
}

template <class Affected>
void BuiltinNetwork::End(LossReason reason, Affected affected) {
  // What has ended by now has ended: the same as with private links.
  MoveOnUntil(now());
  std::vector<Flight> removed;
  if (HasTransfers()) {
    removed = WriteSharing().Remove(affected, now(), uses_);
    // What waited behind them may have been through at once.
    for (const Flight& flight : WriteSharing().TakeThrough()) on_the_way_.Add(flight);
  }
  for (Flight& flight : removed) {
    flight.outcome.at = now();
    flight.outcome.lost = reason;
    on_the_way_.Add(flight);
  }
  std::erase_if(withdrawn_, [&](const Outcome& outcome) {
    if (outcome.at > now() && !affected(outcome.message)) return false;
    if (outcome.at > now()) uses_.At(outcome.message.from, outcome.message.to).free = now();
    return true;
  });
  // A message that was lost before stays so, with its reason and its time.
  const auto ends = [&](const Outcome& outcome) {
    const bool ended = outcome.lost && outcome.at <= now();
    return !ended && affected(outcome.message);
  };
  on_the_way_.ChangeIf(ends, [&](Outcome& outcome) {
    outcome.at = now();
    outcome.lost = reason;
    // Whatever takes one message from a link takes all, so nothing is left to wait for.
    uses_.At(outcome.message.from, outcome.message.to).free = now();
  });
}

// The link stays busy as long as it would have been: the bits have left the sender.
Result<void> BuiltinNetwork::DoWithdraw(std::span<const MessageId> messages) {
  std::vector<MessageId> ids(messages.begin(), messages.end());
  std::ranges::sort(ids);
  if (HasTransfers()) WriteSharing().Withdraw(ids);
  on_the_way_.EraseIf([&](const Outcome& outcome) {
    if (!std::ranges::binary_search(ids, outcome.message.id)) return false;
    // Where bandwidth is shared, it is through: it keeps nothing busy any more.
    if (!shares_) withdrawn_.push_back(outcome);
    return true;
  });
  const auto keeps_nothing_busy = [&](const Outcome& outcome) {
    return uses_.At(outcome.message.from, outcome.message.to).free <= now() || outcome.at <= now();
  };
  std::erase_if(withdrawn_, keeps_nothing_busy);
  return {};
}

std::vector<ExpectedArrival> BuiltinNetwork::DoExpectedArrivals() const {
  std::vector<ExpectedArrival> arrivals;
  const auto add = [&](const Outcome& outcome) {
    arrivals.push_back({.message = outcome.message.id, .at = outcome.at});
  };
  if (HasTransfers()) {
    // A copy lives through what would happen if nothing else were sent or changed.
    BuiltinNetwork future(*this);
    SimTime end = now();
    const auto passage = future.DoDrain({}, end);
    for (const Outcome& outcome : *passage) add(outcome);
  } else {
    for (const auto& [outcome, number] : on_the_way_) add(outcome);
  }
  std::ranges::sort(arrivals, {}, &ExpectedArrival::message);
  return arrivals;
}

// Saved networks are equal where the networks are.
Result<std::string> BuiltinNetwork::DoSave() const {
  ByteWriter writer;
  links_.Save(writer);
  uses_.Save(writer);
  writer.Add(std::uint64_t{up_.size()});
  for (const bool up : up_) writer.Add(up);
  on_the_way_.Save(writer);
  writer.Add(sent_);
  std::vector<Outcome> withdrawn = withdrawn_;
  std::erase_if(withdrawn, [&](const Outcome& outcome) { return outcome.at <= now(); });
  std::ranges::sort(withdrawn, {}, [](const Outcome& outcome) { return outcome.message.id; });
  writer.Add(std::uint64_t{withdrawn.size()});
  for (const Outcome& outcome : withdrawn) Add(writer, outcome);
  if (shares_) sharing_->sharing->Save(writer);
  return writer.Take();
}

Result<void> BuiltinNetwork::DoLoad(std::string_view saved) {
  ByteReader reader(saved);
  links_.Load(reader, [&](NodeId node) { return IsAttached(node); });
  uses_.Load(reader);
  up_.resize(reader.Count(8));
  for (auto up : up_) up = reader.Flag();
  on_the_way_.Load(reader, up_.size());
  sent_ = reader.Number();
  for (const Flight& flight : on_the_way_) reader.Require(flight.number < sent_);
  for (std::size_t left = reader.Count(8); left > 0; --left)
    withdrawn_.push_back(ReadOutcome(reader, up_.size()));
  if (shares_) {
    WriteSharing().Load(reader, up_.size(), now());
    WriteSharing().ForEach(
        [&](const Transfer& transfer) { reader.Require(transfer.flight.number < sent_); });
  }
  if (!reader.AtEnd()) return BadFile("the saved built-in network is damaged");
  return {};
}

}  // namespace

// Private links and shared ones differ in one thing that can be asked for.
NetworkTraits BuiltinTraits(bool shares) {
  return {.can_snapshot = true,
          .can_save = true,
          .can_withdraw = true,
          .has_capacities = shares,
          .name = "builtin"};
}

Result<std::unique_ptr<Network>> MakeBuiltinNetwork(const NetworkOptions& options,
                                                    std::uint64_t seed) {
  const Capacity capacity{.up = options.up, .down = options.down};
  std::unique_ptr<Sharing> sharing;
  if (options.sharing == "uplink") sharing = MakeUplinkSharing(capacity);
  if (options.sharing == "fair") sharing = MakeFairSharing(capacity);
  return std::make_unique<BuiltinNetwork>(options.link, seed, std::move(sharing));
}

}  // namespace delstep
