// `network.sharing = "uplink"`: each node has one uplink and one downlink, first in, first out.
// Formulas: builtin_network.h.
#include <algorithm>
#include <cmath>
#include <list>
#include <map>
#include <set>

#include "network/builtin/link_times.h"
#include "network/builtin/sharing.h"

namespace delstep {
namespace {

/// The two ends of a node.
struct AccessLinks {
  SimTime up_free{}, down_free{};  // when the last bit is through
  std::uint64_t sending = std::numeric_limits<std::uint64_t>::max();  // number of the last to begin
};

/// A transfer that has begun: when its first and its last bit reach the downlink of the receiver.
struct Arriving {
  Transfer transfer;
  SimTime head, tail;
};

bool ArrivesSooner(const Arriving& x, const Arriving& y) {
  return x.tail != y.tail ? x.tail < y.tail : x.transfer.flight.number < y.transfer.flight.number;
}
bool ArrivesLater(const Arriving& x, const Arriving& y) { return ArrivesSooner(y, x); }

class UplinkSharing final : public Sharing {
 public:
  explicit UplinkSharing(const Capacity& capacity) : Sharing(capacity) {}
  std::unique_ptr<Sharing> Clone() const override { return std::make_unique<UplinkSharing>(*this); }
  bool IsIdle() const override { return waiting_.empty() && arriving_.empty(); }
  std::optional<SimTime> Next(SimTime bound) override;
  void Pass(SimTime at, LinkUses& uses) override;
  void FreeDownlink(NodeId node, SimTime now) override { LinksOf(node).down_free = now; }
  void ForEach(const std::function<void(Transfer&)>& visit) override;

 private:
  void DoSend(const Transfer& transfer, SimTime now, LinkUses& uses) override;
  void DoRemove(const std::function<bool(const Transfer&)>& leaves, SimTime now,
                LinkUses& uses) override;
  // What is being transmitted keeps its time; the next one asks for the capacity of its turn.
  void CapacityHasChanged(SimTime /*now*/) override {}
  void DoSave(ByteWriter& writer) const override;
  void DoLoad(ByteReader& reader, std::size_t nodes, SimTime now) override;

  AccessLinks& LinksOf(NodeId node) {
    if (nodes_.size() <= Index(node)) nodes_.resize(Index(node) + 1);
    return nodes_[Index(node)];
  }
  /// The uplink is free: the transfer goes through it, and through its link.
  void Begin(const Transfer& transfer, SimTime start, LinkUses& uses);
  /// The first that waits for this uplink begins.
  void BeginNext(NodeId node, SimTime start, LinkUses& uses);

  std::vector<AccessLinks> nodes_;                 // by node
  std::map<NodeId, std::list<Transfer>> waiting_;  // by sender, in the order of sending
  std::set<std::pair<SimTime, NodeId>> turns_;     // when each of those senders is free
  std::vector<Arriving> arriving_;                 // a heap, the first to arrive in front
};

void UplinkSharing::DoSend(const Transfer& transfer, SimTime now, LinkUses& uses) {
  // Also behind those whose turn comes at this very moment: first in, first out.
  const NodeId from = transfer.message().from;
  const SimTime free = LinksOf(from).up_free;
  const auto queue = waiting_.find(from);
  if (queue == waiting_.end() && free <= now) return Begin(transfer, now, uses);
  if (queue == waiting_.end()) turns_.emplace(free, from);
  waiting_[from].push_back(transfer);
}

void UplinkSharing::Begin(const Transfer& transfer, SimTime start, LinkUses& uses) {
  const auto& [id, from, to, bytes] = transfer.message();
  const auto sent = Later(start, TransmissionTime(bytes, CapacityOf(from).up));
  SimTime first = start;
  std::optional<SimTime> last = sent;
  // Without a bandwidth there is nothing to wait for, and no memory of when the link is free.
  const bool queues = !std::isinf(transfer.bandwidth);
  LinkUse& use = uses.At(from, to);
  if (queues) {
    first = std::max(start, use.free);
    last = Later(first, TransmissionTime(bytes, transfer.bandwidth));
    // The last bit cannot leave the link before it came in.
    if (last && sent) last = std::max(*last, *sent);
  }
  const auto tail = Later(last, transfer.latency);
  // It would arrive after the end of time: then it takes nothing from those behind it.
  if (!sent || !tail) return Finish(transfer, std::nullopt);
  if (queues) use.free = *last;
  AccessLinks& sender = LinksOf(from);
  sender.up_free = *sent;
  sender.sending = transfer.flight.number;
  arriving_.push_back({transfer, first + transfer.latency, *tail});
  std::ranges::push_heap(arriving_, ArrivesLater);
}

void UplinkSharing::BeginNext(NodeId node, SimTime start, LinkUses& uses) {
  const auto queue = waiting_.find(node);
  const Transfer transfer = queue->second.front();
  queue->second.pop_front();
  if (queue->second.empty()) waiting_.erase(queue);
  Begin(transfer, start, uses);
  // A transfer that was given up leaves the uplink as free as it was.
  if (waiting_.contains(node)) turns_.emplace(std::max(start, LinksOf(node).up_free), node);
}

std::optional<SimTime> UplinkSharing::Next(SimTime bound) {
  std::optional<SimTime> next;
  if (!turns_.empty()) next = turns_.begin()->first;
  if (!arriving_.empty()) next = std::min(next.value_or(SimTime::max()), arriving_.front().tail);
  return next && *next <= bound ? next : std::nullopt;
}

// Uplinks first: what begins now may arrive now. What arrives makes nothing begin.
void UplinkSharing::Pass(SimTime at, LinkUses& uses) {
  while (!turns_.empty() && turns_.begin()->first <= at) {
    const auto [start, node] = *turns_.begin();
    turns_.erase(turns_.begin());
    BeginNext(node, start, uses);
  }
  while (!arriving_.empty() && arriving_.front().tail <= at) {
    std::ranges::pop_heap(arriving_, ArrivesLater);
    const auto [transfer, head, tail] = arriving_.back();
    arriving_.pop_back();
    const auto& [id, from, to, bytes] = transfer.message();
    AccessLinks& receiver = LinksOf(to);
    auto end =
        Later(std::max(head, receiver.down_free), TransmissionTime(bytes, CapacityOf(to).down));
    if (end) receiver.down_free = *(end = std::max(*end, tail));
    Finish(transfer, end);
  }
}

void UplinkSharing::DoRemove(const std::function<bool(const Transfer&)>& leaves, SimTime now,
                             LinkUses& uses) {
  std::erase_if(arriving_, [&](const Arriving& arriving) {
    if (!leaves(arriving.transfer)) return false;
    // Its other bits will not be sent.
    AccessLinks& sender = LinksOf(arriving.transfer.message().from);
    if (sender.sending == arriving.transfer.flight.number && sender.up_free > now)
      sender.up_free = now;
    return true;
  });
  std::ranges::make_heap(arriving_, ArrivesLater);
  for (auto& [node, queue] : waiting_) std::erase_if(queue, leaves);
  std::erase_if(waiting_, [](const auto& entry) { return entry.second.empty(); });
  turns_.clear();
  for (const auto& [node, queue] : waiting_)
    turns_.emplace(std::max(now, LinksOf(node).up_free), node);
  // Those whose turn has come now begin, before anything else is changed.
  Pass(now, uses);
}

void UplinkSharing::ForEach(const std::function<void(Transfer&)>& visit) {
  for (auto& [node, queue] : waiting_)
    for (Transfer& transfer : queue) visit(transfer);
  for (Arriving& arriving : arriving_) visit(arriving.transfer);
}

void UplinkSharing::DoSave(ByteWriter& writer) const {
  writer.Add("uplink");
  writer.Add(std::uint64_t{nodes_.size()});
  for (const AccessLinks& node : nodes_) {
    Add(writer, node.up_free);
    Add(writer, node.down_free);
    writer.Add(node.sending);
  }
  std::uint64_t waiting = 0;
  for (const auto& [node, queue] : waiting_) waiting += queue.size();
  writer.Add(waiting);
  for (const auto& [node, queue] : waiting_)
    for (const Transfer& transfer : queue) Sharing::Save(writer, transfer);
  std::vector<Arriving> arriving = arriving_;
  std::ranges::sort(arriving, ArrivesSooner);
  writer.Add(std::uint64_t{arriving.size()});
  for (const Arriving& one : arriving) {
    Sharing::Save(writer, one.transfer);
    Add(writer, one.head);
    Add(writer, one.tail);
  }
}

void UplinkSharing::DoLoad(ByteReader& reader, std::size_t nodes, SimTime now) {
  reader.Require(reader.Text() == "uplink");
  nodes_.resize(reader.Count(24));
  reader.Require(nodes_.size() <= nodes);
  for (AccessLinks& node : nodes_) {
    node.up_free = ReadTime(reader);
    node.down_free = ReadTime(reader);
    node.sending = reader.Number();
  }
  for (std::size_t left = reader.Count(8); left > 0; --left) {
    const Transfer transfer = ReadTransfer(reader, nodes, now);
    waiting_[transfer.message().from].push_back(transfer);
  }
  // A node that cannot be would take memory for all below it.
  if (!reader.ok()) return;
  for (const auto& [node, queue] : waiting_)
    turns_.emplace(std::max(now, LinksOf(node).up_free), node);
  for (std::size_t left = reader.Count(8); left > 0; --left) {
    Arriving& one = arriving_.emplace_back();
    one.transfer = ReadTransfer(reader, nodes, now);
    one.head = ReadTime(reader);
    one.tail = ReadTime(reader);
    reader.Require(one.tail >= one.head && one.tail >= now);
  }
  // A list in order is a heap; where it is none, the bytes are not from Save().
  reader.Require(std::ranges::is_sorted(arriving_, ArrivesSooner));
}

}  // namespace

std::unique_ptr<Sharing> MakeUplinkSharing(const Capacity& capacity) {
  return std::make_unique<UplinkSharing>(capacity);
}

}  // namespace delstep
