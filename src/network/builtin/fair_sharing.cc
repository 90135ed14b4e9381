// `network.sharing = "fair"`: transfers share up- and downlinks, max-min fair.
// Formulas: builtin_network.h.
#include <algorithm>
#include <cmath>
#include <list>
#include <map>

#include "network/builtin/link_times.h"
#include "network/builtin/max_min.h"
#include "network/builtin/sharing.h"

namespace delstep {
namespace {

using Ends = std::pair<NodeId, NodeId>;  // from, to

/// A transfer that is being transmitted: the first of its link.
struct Stream {
  Transfer transfer;
  double work;      // 1e9 * bits that are left at `since`, so that rate * nanoseconds is work done
  Rate rate{0, 1};  // bits per second, from `since` on; 0: it has just begun
  SimTime since{}, end = SimTime::max();  // the last nanosecond stands for any time beyond it

  Ends ends() const { return {transfer.message().from, transfer.message().to}; }
};

class FairSharing final : public Sharing {
 public:
  explicit FairSharing(const Capacity& capacity) : Sharing(capacity) {}
  std::unique_ptr<Sharing> Clone() const override { return std::make_unique<FairSharing>(*this); }
  bool IsIdle() const override { return streams_.empty(); }
  std::optional<SimTime> Next(SimTime bound) override;
  void Pass(SimTime at, LinkUses& uses) override;
  void ForEach(const std::function<void(Transfer&)>& visit) override;

 private:
  void DoSend(const Transfer& transfer, SimTime now, LinkUses& uses) override;
  void DoRemove(const std::function<bool(const Transfer&)>& leaves, SimTime now,
                LinkUses& uses) override;
  void CapacityHasChanged(SimTime now) override { RatesChange(now); }
  void DoSave(ByteWriter& writer) const override;
  void DoLoad(ByteReader& reader, std::size_t nodes, SimTime now) override;

  void Begin(const Transfer& transfer, SimTime now);
  /// The first of the link has gone: the next one begins.
  void BeginNext(const Ends& ends, SimTime now);
  // Rates are computed when time is about to move on, once for all that changed at one moment.
  void RatesChange(SimTime now) {
    clock_ = now;
    rates_are_old_ = true;
  }
  void ComputeRates();

  std::vector<Stream> streams_;                  // in the order in which they began
  std::map<Ends, std::list<Transfer>> waiting_;  // behind the stream of each link that has one
  SimTime clock_{};  // of the last change; no stream ends at or before it
  bool rates_are_old_ = false;
};

void FairSharing::DoSend(const Transfer& transfer, SimTime now, LinkUses& uses) {
  const Message& message = transfer.message();
  const Ends ends{message.from, message.to};
  if (std::isinf(transfer.bandwidth)) {
    // Nothing keeps it: it does not even wait for those that were sent over a slower link.
    if (std::isinf(CapacityOf(message.from).up) && std::isinf(CapacityOf(message.to).down))
      return Finish(transfer, Later(now, transfer.latency));
  } else {
    // When the link were free if it shared with nobody, so the earliest: for the network, which
    // refuses what comes too late even so.
    SimTime& free = uses.At(message.from, message.to).free;
    free = std::max(free, now) + *TransmissionTime(message.bytes, transfer.bandwidth);
  }
  if (const auto queue = waiting_.find(ends); queue != waiting_.end())
    queue->second.push_back(transfer);
  else if (message.bytes == 0)
    Finish(transfer, Later(now, transfer.latency));
  else
    Begin(transfer, now);
}

void FairSharing::Begin(const Transfer& transfer, SimTime now) {
  Stream stream{.transfer = transfer, .work = 8e9 * static_cast<double>(transfer.message().bytes)};
  stream.since = now;
  waiting_[stream.ends()];
  streams_.push_back(std::move(stream));
  RatesChange(now);
}

// Messages without a bit take no time, so that one end may let several pass.
void FairSharing::BeginNext(const Ends& ends, SimTime now) {
  const auto queue = waiting_.find(ends);
  std::list<Transfer> left = std::move(queue->second);
  waiting_.erase(queue);
  while (!left.empty()) {
    const Transfer next = left.front();
    left.pop_front();
    if (next.message().bytes > 0 && now < SimTime::max()) {
      Begin(next, now);
      waiting_[ends] = std::move(left);
      return;
    }
    const bool in_time = now < SimTime::max() || next.message().bytes == 0;
    Finish(next, in_time ? Later(now, next.latency) : std::nullopt);
  }
}

void FairSharing::ComputeRates() {
  std::size_t nodes = 0;
  for (const Stream& stream : streams_)
    nodes = std::max({nodes, Index(stream.ends().first) + 1, Index(stream.ends().second) + 1});
  // Two resources a node; asked of those that take part only.
  std::vector<double> capacities(2 * nodes, std::numeric_limits<double>::infinity());
  std::vector<Demand> demands;
  demands.reserve(streams_.size());
  for (const Stream& stream : streams_) {
    const auto [from, to] = stream.ends();
    const auto up = static_cast<std::uint32_t>(2 * Index(from));
    const auto down = static_cast<std::uint32_t>(2 * Index(to) + 1);
    capacities[up] = CapacityOf(from).up;
    capacities[down] = CapacityOf(to).down;
    demands.push_back({.up = up, .down = down, .limit = stream.transfer.bandwidth});
  }
  const std::vector<Rate> rates = MaxMinRates(demands, capacities);
  for (std::size_t k = 0; k < streams_.size(); ++k) {
    Stream& stream = streams_[k];
    const Rate& rate = rates[k];
    // A stream that keeps its rate keeps its end to the nanosecond.
    if (rate.value() == stream.rate.value()) continue;
    // A stream that has its link's whole bandwidth from the start takes the time of a private link,
    // to the bit.
    const bool alone = stream.rate.capacity == 0 && rate.sharers == 1 &&
                       rate.capacity == stream.transfer.bandwidth;
    const auto elapsed = static_cast<double>((clock_ - stream.since).count());
    stream.work = std::max(0.0, stream.work - elapsed * stream.rate.capacity / stream.rate.sharers);
    stream.since = clock_;
    stream.rate = rate;
    double nanoseconds = stream.work * rate.sharers / rate.capacity;
    // What rounding adds to a whole number is not worth a nanosecond.
    if (!alone) nanoseconds -= 1e-3 + nanoseconds * 0x1p-50;
    // Time moves on: what was all but through a moment ago ends in the next nanosecond.
    const auto left = WholeNanoseconds(std::max(1.0, std::ceil(nanoseconds)));
    stream.end = Later(clock_, left).value_or(SimTime::max());
  }
  rates_are_old_ = false;
}

// Asked for no later time than the last change, it computes nothing: more may change at that time.
std::optional<SimTime> FairSharing::Next(SimTime bound) {
  if (bound <= clock_ || streams_.empty()) return std::nullopt;
  if (rates_are_old_) ComputeRates();
  const SimTime next = std::ranges::min(streams_, {}, &Stream::end).end;
  return next <= bound ? std::optional(next) : std::nullopt;
}

void FairSharing::Pass(SimTime at, LinkUses& /*uses*/) {
  std::vector<Ends> free;
  std::erase_if(streams_, [&](const Stream& stream) {
    if (stream.end > at) return false;
    const bool in_time = stream.end < SimTime::max();
    Finish(stream.transfer, in_time ? Later(stream.end, stream.transfer.latency) : std::nullopt);
    free.push_back(stream.ends());
    return true;
  });
  for (const Ends& ends : free) BeginNext(ends, at);
  RatesChange(at);
}

void FairSharing::DoRemove(const std::function<bool(const Transfer&)>& leaves, SimTime now,
                           LinkUses& /*uses*/) {
  for (auto& [ends, queue] : waiting_) std::erase_if(queue, leaves);
  std::vector<Ends> free;
  std::erase_if(streams_, [&](const Stream& stream) {
    if (!leaves(stream.transfer)) return false;
    free.push_back(stream.ends());
    return true;
  });
  for (const Ends& ends : free) BeginNext(ends, now);
  if (!free.empty()) RatesChange(now);
}

void FairSharing::ForEach(const std::function<void(Transfer&)>& visit) {
  for (Stream& stream : streams_) visit(stream.transfer);
  for (auto& [ends, queue] : waiting_)
    for (Transfer& transfer : queue) visit(transfer);
}

void FairSharing::DoSave(ByteWriter& writer) const {
  writer.Add("fair");
  Add(writer, clock_);
  writer.Add(rates_are_old_);
  writer.Add(std::uint64_t{streams_.size()});
  for (const Stream& stream : streams_) {
    Sharing::Save(writer, stream.transfer);
    writer.Add(stream.work);
    writer.Add(stream.rate.capacity);
    writer.Add(stream.rate.sharers);
    Add(writer, stream.since);
    Add(writer, stream.end);
    const std::list<Transfer>& queue = waiting_.at(stream.ends());
    writer.Add(std::uint64_t{queue.size()});
    for (const Transfer& transfer : queue) Sharing::Save(writer, transfer);
  }
}

void FairSharing::DoLoad(ByteReader& reader, std::size_t nodes, SimTime now) {
  reader.Require(reader.Text() == "fair");
  clock_ = ReadTime(reader);
  reader.Require(clock_ <= now);
  rates_are_old_ = reader.Flag();
  for (std::size_t left = reader.Count(8); left > 0; --left) {
    Stream& stream = streams_.emplace_back();
    stream.transfer = ReadTransfer(reader, nodes, now);
    stream.work = reader.Real();
    stream.rate.capacity = reader.Real();
    stream.rate.sharers = reader.Real();
    stream.since = ReadTime(reader);
    stream.end = ReadTime(reader);
    // Written so that NaN fails too. A stream without a rate ends when rates are computed.
    reader.Require(stream.work >= 0 && stream.rate.capacity >= 0 && stream.rate.sharers >= 1);
    reader.Require(stream.since <= clock_ && stream.end > now && now < SimTime::max());
    reader.Require(!waiting_.contains(stream.ends()));
    std::list<Transfer>& queue = waiting_[stream.ends()];
    for (std::size_t more = reader.Count(8); more > 0; --more)
      queue.push_back(ReadTransfer(reader, nodes, now));
    for (const Transfer& transfer : queue)
      reader.Require(transfer.message().from == stream.ends().first &&
                     transfer.message().to == stream.ends().second);
  }
}

}  // namespace

std::unique_ptr<Sharing> MakeFairSharing(const Capacity& capacity) {
  return std::make_unique<FairSharing>(capacity);
}

}  // namespace delstep
