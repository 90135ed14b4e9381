#include "network/builtin/builtin_network.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/cow.h"
#include "delstep/random.h"
#include "network/builtin/link_uses.h"
#include "ports/network_bytes.h"

namespace delstep {
namespace {

using Pair = std::uint64_t;  // a directed link

Pair PairOf(NodeId from, NodeId to) { return Pair{Index(from)} << 32 | Index(to); }

/// A message on the way, with the end that it will have if nothing comes between.
struct Flight {
  Outcome outcome;
  std::uint64_t number;  // in the order of sending
};

/// An empty list with memory, of one network alone: its copies begin without.
struct SpareMemory {
  SpareMemory() = default;
  SpareMemory(const SpareMemory& /*other*/) {}
  SpareMemory& operator=(const SpareMemory&) = delete;

  std::vector<Flight> flights;
};

// Durations and times are nothing where they lie beyond the last nanosecond of simulated time.

/// Nothing for what does not fit, NaN and infinity included.
std::optional<Duration> WholeNanoseconds(double nanoseconds) {
  if (!(nanoseconds < 0x1p63)) return std::nullopt;
  return Duration(static_cast<Duration::rep>(nanoseconds));
}

std::optional<SimTime> Later(std::optional<SimTime> time, std::optional<Duration> by) {
  if (!time || !by || *by > SimTime::max() - *time) return std::nullopt;
  return *time + *by;
}

/// Rounded up: a message is not through before its last bit is.
std::optional<Duration> TransmissionTime(Bytes bytes, double bandwidth) {
  return WholeNanoseconds(std::ceil(static_cast<double>(bytes) * 8e9 / bandwidth));
}

/// One draw per message, from a stream of its own: latencies of a link do not depend on each other,
/// nor on other links.
std::optional<Duration> DrawLatency(const Latency& latency, RandomKey key) {
  Random random(key);
  const auto a = static_cast<double>(latency.a.count());
  const auto b = static_cast<double>(latency.b.count());
  switch (latency.kind) {
    case Latency::Kind::kConstant:
      break;
    case Latency::Kind::kUniform:
      if (latency.b <= latency.a) break;
      return latency.a + Duration(static_cast<Duration::rep>(random.Below(
                             static_cast<std::uint64_t>((latency.b - latency.a).count()))));
    case Latency::Kind::kNormal:
      return WholeNanoseconds(std::round(std::max(0.0, a + b * random.Normal())));
    case Latency::Kind::kExponential:
      return WholeNanoseconds(std::round(a * random.Exponential()));
  }
  return latency.a;
}

/// Nothing that happens while time passes causes anything else: the arrival is known when a message
/// is sent, and nodes and links change only between the calls. So the queue of events is the
/// messages themselves.
class BuiltinNetwork final : public Network {
 public:
  BuiltinNetwork(const LinkProperties& link, std::uint64_t seed)
      : seed_(seed), default_link_(link) {}

  const NetworkTraits& traits() const override {
    static constexpr NetworkTraits kTraits{
        .can_snapshot = true, .can_save = true, .can_withdraw = true, .name = "builtin"};
    return kTraits;
  }

 private:
  std::size_t DoInFlight() const override { return on_the_way_->size(); }
  Result<void> DoAttach(NodeId node) override;
  Result<void> DoDetach(NodeId node) override;
  Result<void> DoSetUp(NodeId node, bool up) override;
  Result<void> DoSetDefaultLink(const LinkProperties& link) override;
  Result<void> DoSetLink(NodeId from, NodeId to, const LinkProperties& link) override;
  Result<void> DoClearLink(NodeId from, NodeId to) override;
  Result<void> DoSend(const Message& message) override;
  Result<Passage> DoAdvanceTo(SimTime deadline) override { return TakeUntil(deadline); }
  Result<Passage> DoAdvanceToNext(SimTime limit, SimTime& end) override {
    if (!on_the_way_->empty()) end = std::min(limit, std::max(now(), NextEnd()));
    return TakeUntil(end);
  }
  Result<Passage> DoDrain(std::span<const MessageId> until, SimTime& end) override;
  Result<void> DoWithdraw(std::span<const MessageId> messages) override;
  std::vector<ExpectedArrival> DoExpectedArrivals() const override;
  Result<std::unique_ptr<Network>> DoClone() const override {
    return std::make_unique<BuiltinNetwork>(*this);
  }
  Result<std::string> DoSave() const override;
  Result<void> DoLoad(std::string_view saved) override;

  const LinkProperties& Properties(Pair link) const;
  /// Sets when and how the message ends, and occupies its link until it is transmitted.
  Result<void> Transmit(const LinkProperties& link, LinkUse& use, Outcome& outcome) const;
  /// Ends those messages on the way, now, for which affected(message) holds.
  template <class Affected>
  void End(LossReason reason, Affected affected);
  SimTime NextEnd() const { return on_the_way_->front().outcome.at; }
  Passage TakeUntil(SimTime deadline);
  Passage TakeAll();
  void Report(const Outcome& outcome, Passage& passage) const;
  /// Requires that all have ended.
  void ForgetFlights();

  static bool EndsSooner(const Flight& x, const Flight& y) {
    return x.outcome.at != y.outcome.at ? x.outcome.at < y.outcome.at : x.number < y.number;
  }
  static bool EndsLater(const Flight& x, const Flight& y) { return EndsSooner(y, x); }

  // What may be large is shared by copies until one of them changes it.
  std::uint64_t seed_;
  LinkProperties default_link_;
  Cow<std::unordered_map<Pair, LinkProperties>> single_links_;
  LinkUses uses_;
  std::vector<bool> up_;  // by node
  std::uint64_t sent_ = 0;
  // A heap, the next to end in front.
  Cow<std::vector<Flight>> on_the_way_;
  SpareMemory spare_;
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
  const auto touches = [&](const auto& entry) {
    return entry.first >> 32 == Index(node) || (entry.first & 0xffffffff) == Index(node);
  };
  if (std::ranges::any_of(*single_links_, touches)) std::erase_if(single_links_.Write(), touches);
  uses_.Forget(node);
  return {};
}

Result<void> BuiltinNetwork::DoSetUp(NodeId node, bool up) {
  if (up_[Index(node)] && !up)
    End(LossReason::kDown, [&](const Message& m) { return m.from == node || m.to == node; });
  up_[Index(node)] = up;
  return {};
}

Result<void> BuiltinNetwork::DoSetDefaultLink(const LinkProperties& link) {
  default_link_ = link;
  if (!link.up)
    End(LossReason::kUnreachable,
        [&](const Message& m) { return !single_links_->contains(PairOf(m.from, m.to)); });
  return {};
}

Result<void> BuiltinNetwork::DoSetLink(NodeId from, NodeId to, const LinkProperties& link) {
  single_links_.Write()[PairOf(from, to)] = link;
  if (!link.up)
    End(LossReason::kUnreachable, [&](const Message& m) { return m.from == from && m.to == to; });
  return {};
}

Result<void> BuiltinNetwork::DoClearLink(NodeId from, NodeId to) {
  if (!single_links_->contains(PairOf(from, to))) return {};
  single_links_.Write().erase(PairOf(from, to));
  if (!default_link_.up)
    End(LossReason::kUnreachable, [&](const Message& m) { return m.from == from && m.to == to; });
  return {};
}

Result<void> BuiltinNetwork::DoSend(const Message& message) {
  const Pair pair = PairOf(message.from, message.to);
  const LinkProperties& link = Properties(pair);
  LinkUse& use = uses_.At(message.from, message.to);
  Outcome outcome{message, now(), now(), std::nullopt};
  if (!up_[Index(message.from)]) {
    outcome.lost = LossReason::kDown;
  } else if (!link.up) {
    outcome.lost = LossReason::kUnreachable;
  } else {
    DELSTEP_TRY(Transmit(link, use, outcome));
  }
  // Counted also where nothing was transmitted: the number names the stream of the next message.
  ++use.messages;
  if (on_the_way_->empty()) on_the_way_ = std::exchange(spare_.flights, {});
  std::vector<Flight>& flights = on_the_way_.Write();
  flights.push_back({outcome, sent_++});
  std::ranges::push_heap(flights, EndsLater);
  return {};
}

Result<void> BuiltinNetwork::Transmit(const LinkProperties& link, LinkUse& use,
                                      Outcome& outcome) const {
  const auto [id, from, to, bytes] = outcome.message;
  // Without a bandwidth there is nothing to wait for, and no memory of when the link is free.
  const bool queues = !std::isinf(link.bandwidth);
  const SimTime start = queues ? std::max(now(), use.free) : now();
  const auto done = Later(start, TransmissionTime(bytes, link.bandwidth));
  const Pair pair = PairOf(from, to);
  const auto arrival =
      Later(done, DrawLatency(link.latency, MakeKey(seed_, Purpose::kLatency, pair, use.messages)));
  if (!arrival)
    return Refused(
        fmt::format("message {} of {} bytes from node {} to node {} would arrive after the end of "
                    "simulated time (292 years)",
                    static_cast<std::uint64_t>(id), bytes, Index(from), Index(to)),
        "raise the bandwidth of the link or lower its latency");
  // Also by a message that will be lost: it is lost on the way, not before.
  if (queues) use.free = *done;
  outcome.at = *arrival;
  if (link.loss > 0 && Random(MakeKey(seed_, Purpose::kLoss, pair, use.messages)).Chance(link.loss))
    outcome.lost = LossReason::kLoss;
  return {};
}

Result<Passage> BuiltinNetwork::DoDrain(std::span<const MessageId> until, SimTime& end) {
  // All of them: no need to look for each.
  if (until.empty()) {
    Passage passage = TakeAll();
    if (!passage.empty()) end = std::max(end, passage.back().at);
    return passage;
  }
  std::vector<MessageId> awaited(until.begin(), until.end());
  std::ranges::sort(awaited);
  for (const auto& [outcome, number] : *on_the_way_)
    if (std::ranges::binary_search(awaited, outcome.message.id)) end = std::max(end, outcome.at);
  return TakeUntil(end);
}

// Links without properties of their own have no entry: a full mesh of 1,000 nodes would have a
// million.
const LinkProperties& BuiltinNetwork::Properties(Pair link) const {
  const auto single = single_links_->find(link);
  return single == single_links_->end() ? default_link_ : single->second;
}

template <class Affected>
void BuiltinNetwork::End(LossReason reason, Affected affected) {
  // A message that was lost before stays so, with its reason and its time.
  const auto ends = [&](const Flight& flight) {
    const bool ended = flight.outcome.lost && flight.outcome.at <= now();
    return !ended && affected(flight.outcome.message);
  };
  std::erase_if(withdrawn_, [&](const Outcome& outcome) {
    if (outcome.at > now() && !affected(outcome.message)) return false;
    if (outcome.at > now()) uses_.At(outcome.message.from, outcome.message.to).free = now();
    return true;
  });
  if (std::ranges::none_of(*on_the_way_, ends)) return;
  std::vector<Flight>& flights = on_the_way_.Write();
  for (Flight& flight : flights) {
    if (!ends(flight)) continue;
    Outcome& outcome = flight.outcome;
    outcome.at = now();
    outcome.lost = reason;
    // Whatever takes one message from a link takes all, so nothing is left to wait for.
    uses_.At(outcome.message.from, outcome.message.to).free = now();
  }
  // Times have changed: the heap is put in order again.
  std::ranges::make_heap(flights, EndsLater);
}

// The link stays busy as long as it would have been: the bits have left the sender.
Result<void> BuiltinNetwork::DoWithdraw(std::span<const MessageId> messages) {
  std::vector<MessageId> ids(messages.begin(), messages.end());
  std::ranges::sort(ids);
  std::vector<Flight>& flights = on_the_way_.Write();
  std::erase_if(flights, [&](const Flight& flight) {
    if (!std::ranges::binary_search(ids, flight.outcome.message.id)) return false;
    withdrawn_.push_back(flight.outcome);
    return true;
  });
  std::ranges::make_heap(flights, EndsLater);
  const auto keeps_nothing_busy = [&](const Outcome& outcome) {
    return uses_.At(outcome.message.from, outcome.message.to).free <= now() || outcome.at <= now();
  };
  std::erase_if(withdrawn_, keeps_nothing_busy);
  return {};
}

std::vector<ExpectedArrival> BuiltinNetwork::DoExpectedArrivals() const {
  std::vector<ExpectedArrival> arrivals;
  for (const auto& [outcome, number] : *on_the_way_)
    arrivals.push_back({.message = outcome.message.id, .at = outcome.at});
  std::ranges::sort(arrivals, {}, &ExpectedArrival::message);
  return arrivals;
}

Passage BuiltinNetwork::TakeUntil(SimTime deadline) {
  Passage passage;
  if (on_the_way_->empty() || on_the_way_->front().outcome.at > deadline) return passage;
  std::vector<Flight>& flights = on_the_way_.Write();
  while (!flights.empty() && flights.front().outcome.at <= deadline) {
    std::ranges::pop_heap(flights, EndsLater);
    Report(flights.back().outcome, passage);
    flights.pop_back();
  }
  if (flights.empty()) ForgetFlights();
  return passage;
}

Passage BuiltinNetwork::TakeAll() {
  Passage passage;
  if (on_the_way_->empty()) return passage;
  // One sort is up to five times as fast as taking the messages from the heap one by one; and where
  // no message overtakes another the heap is in order.
  if (!std::ranges::is_sorted(*on_the_way_, EndsSooner))
    std::ranges::sort(on_the_way_.Write(), EndsSooner);
  passage.reserve(on_the_way_->size());
  for (const Flight& flight : *on_the_way_) Report(flight.outcome, passage);
  ForgetFlights();
  return passage;
}

// The next flood needs as much memory again. It stays here, as a copy of an empty list would hold
// it for nothing.
void BuiltinNetwork::ForgetFlights() {
  spare_.flights = std::move(on_the_way_.Write());
  spare_.flights.clear();
  on_the_way_ = {};
}

// Whether the receiver is up is asked at the arrival, not when the message was sent.
void BuiltinNetwork::Report(const Outcome& outcome, Passage& passage) const {
  passage.push_back(outcome);
  if (!outcome.lost && !up_[Index(outcome.message.to)]) passage.back().lost = LossReason::kDown;
}

// Saved networks are equal where the networks are: a hash map is written in the order of its keys,
// the messages in the order in which they end.
Result<std::string> BuiltinNetwork::DoSave() const {
  ByteWriter writer;
  Add(writer, default_link_);
  const std::map<Pair, LinkProperties> singles(single_links_->begin(), single_links_->end());
  writer.Add(std::uint64_t{singles.size()});
  for (const auto& [pair, link] : singles) {
    writer.Add(pair);
    Add(writer, link);
  }
  uses_.Save(writer);
  writer.Add(std::uint64_t{up_.size()});
  for (const bool up : up_) writer.Add(up);
  std::vector<Flight> flights = *on_the_way_;
  std::ranges::sort(flights, EndsSooner);
  writer.Add(std::uint64_t{flights.size()});
  for (const Flight& flight : flights) {
    Add(writer, flight.outcome);
    writer.Add(flight.number);
  }
  writer.Add(sent_);
  std::vector<Outcome> withdrawn = withdrawn_;
  std::erase_if(withdrawn, [&](const Outcome& outcome) { return outcome.at <= now(); });
  std::ranges::sort(withdrawn, {}, [](const Outcome& outcome) { return outcome.message.id; });
  writer.Add(std::uint64_t{withdrawn.size()});
  for (const Outcome& outcome : withdrawn) Add(writer, outcome);
  return writer.Take();
}

Result<void> BuiltinNetwork::DoLoad(std::string_view saved) {
  ByteReader reader(saved);
  default_link_ = ReadLink(reader);
  for (std::size_t left = reader.Count(8); left > 0; --left) {
    const Pair pair = reader.Number();
    reader.Require(IsAttached(static_cast<NodeId>(pair >> 32)) &&
                   IsAttached(static_cast<NodeId>(pair & 0xffffffff)));
    single_links_.Write()[pair] = ReadLink(reader);
  }
  uses_.Load(reader);
  up_.resize(reader.Count(8));
  for (auto up : up_) up = reader.Flag();
  for (std::size_t left = reader.Count(8); left > 0; --left) {
    Flight& flight = on_the_way_.Write().emplace_back();
    flight.outcome = ReadOutcome(reader, up_.size());
    flight.number = reader.Number();
  }
  sent_ = reader.Number();
  for (const Flight& flight : *on_the_way_) reader.Require(flight.number < sent_);
  // A list in order is a heap; where it is none, the bytes are not from Save().
  reader.Require(std::ranges::is_sorted(*on_the_way_, EndsSooner));
  for (std::size_t left = reader.Count(8); left > 0; --left)
    withdrawn_.push_back(ReadOutcome(reader, up_.size()));
  if (!reader.AtEnd()) return BadFile("the saved built-in network is damaged");
  return {};
}

}  // namespace

Result<std::unique_ptr<Network>> MakeBuiltinNetwork(const NetworkOptions& options,
                                                    std::uint64_t seed) {
  return std::make_unique<BuiltinNetwork>(options.link, seed);
}

}  // namespace delstep
