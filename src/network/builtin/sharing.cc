#include "network/builtin/sharing.h"

#include <algorithm>

#include "network/builtin/link_times.h"

namespace delstep {

void Sharing::SetCapacity(NodeId node, const Capacity& capacity, SimTime now) {
  if (capacities_.size() <= Index(node)) capacities_.resize(Index(node) + 1, default_);
  capacities_[Index(node)] = capacity;
  CapacityHasChanged(now);
}

void Sharing::Finish(const Transfer& transfer, std::optional<SimTime> end) {
  if (transfer.withdrawn) return;
  --in_flight_;
  Flight flight = transfer.flight;
  if (!end) flight.outcome.lost = LossReason::kExpired;
  flight.outcome.at = end.value_or(SimTime::max());
  through_.push_back(flight);
}

std::vector<Flight> Sharing::Remove(const Affected& affected, SimTime now, LinkUses& uses) {
  std::vector<Flight> removed;
  const auto leaves = [&](const Transfer& transfer) {
    if (!affected(transfer.message())) return false;
    // Whatever takes one message from a link takes all, so nothing is left to wait for.
    uses.At(transfer.message().from, transfer.message().to).free = now;
    if (!transfer.withdrawn) removed.push_back(transfer.flight);
    return true;
  };
  DoRemove(leaves, now, uses);
  in_flight_ -= removed.size();
  return removed;
}

void Sharing::Withdraw(std::span<const MessageId> ids) {
  ForEach([&](Transfer& transfer) {
    if (transfer.withdrawn || !std::ranges::binary_search(ids, transfer.message().id)) return;
    transfer.withdrawn = true;
    --in_flight_;
  });
}

void Sharing::Save(ByteWriter& writer, const Transfer& transfer) {
  Add(writer, transfer.flight.outcome);
  writer.Add(transfer.flight.number);
  writer.Add(std::int64_t{transfer.latency.count()});
  writer.Add(transfer.bandwidth);
  writer.Add(transfer.withdrawn);
}

Transfer Sharing::ReadTransfer(ByteReader& reader, std::size_t nodes, SimTime now) {
  Transfer transfer{.flight = {.outcome = ReadOutcome(reader, nodes), .number = reader.Number()}};
  transfer.latency = Duration(reader.Signed());
  transfer.bandwidth = reader.Real();
  transfer.withdrawn = reader.Flag();
  reader.Require(transfer.flight.outcome.sent <= now && transfer.latency >= Duration(0) &&
                 transfer.bandwidth > 0);
  return transfer;
}

void Sharing::Save(ByteWriter& writer) const {
  writer.Add(std::uint64_t{capacities_.size()});
  for (const Capacity& capacity : capacities_) {
    writer.Add(capacity.up);
    writer.Add(capacity.down);
  }
  DoSave(writer);
}

void Sharing::Load(ByteReader& reader, std::size_t nodes, SimTime now) {
  capacities_.resize(reader.Count(16));
  reader.Require(capacities_.size() <= nodes);
  for (Capacity& capacity : capacities_) {
    capacity.up = reader.Real();
    capacity.down = reader.Real();
    reader.Require(capacity.up > 0 && capacity.down > 0);
  }
  DoLoad(reader, nodes, now);
  ForEach([&](const Transfer& transfer) { in_flight_ += !transfer.withdrawn; });
}

}  // namespace delstep
