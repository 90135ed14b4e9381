#pragma once
/// What a run remembers of its present cycle, for `stats mixing` alone: nothing that happens later
/// depends on it. It begins anew with each cycle.
///
/// Units: message numbers. Errors: none. Threads: as for World.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/cow.h"
#include "core/world/row.h"
#include "delstep/types.h"

namespace delstep {

/// A message that has reached its inbox.
struct Delivery {
  NodeId from{}, to{};
  std::uint64_t message = 0;
  /// How many had been queued when the model in it was taken: its own number, or that of an earlier
  /// message whose contents were sent again.
  std::uint64_t taken = 0;
  /// How many messages had been queued when it was delivered: those that have this number or a
  /// later one were queued after it, so what it brought may be in them.
  std::uint64_t queued_before = 0;
};

/// The deliveries of a cycle, in their order: the first 2^20, which is one flood of 1,024 nodes in
/// a full mesh. Kept in parts that copies share.
class DeliveryLog {
 public:
  static constexpr std::size_t kCapacity = std::size_t{1} << 20;

  void Note(const Delivery& delivery);
  /// Messages that were taken out of their inboxes, ascending; those that are not in the log are
  /// none of its matter.
  void Remove(std::span<const std::uint64_t> messages);
  /// Of those kept.
  std::size_t size() const { return size_; }
  /// Deliveries that came when the log was full.
  std::uint64_t left_out() const { return left_out_; }
  std::vector<Delivery> Values() const;
  void Set(const std::vector<Delivery>& deliveries, std::uint64_t left_out);
  /// Of the parts that the other does not share.
  Bytes OwnBytes(const DeliveryLog& other) const;

 private:
  static constexpr std::size_t kPart = 1024;
  std::vector<Cow<std::vector<Delivery>>> parts_;
  std::size_t size_ = 0;
  std::uint64_t left_out_ = 0;
};

struct CycleRecord {
  /// The models with which the cycle began, of the nodes that were there. Handles: what has changed
  /// since takes the memory of a second row. Empty where that would be much (StartCycleRecord).
  Cow<std::vector<Row>> models;
  DeliveryLog deliveries;
};

}  // namespace delstep
