#pragma once
/// The guestbook: a node's encounter table. It keeps the last shared model of each peer for a
/// number of aggregations, so that a node averages with those it met recently, not only with who
/// just sent.
#include <cstdint>
#include <span>
#include <vector>

#include "base/cow.h"
#include "core/world/provenance.h"
#include "core/world/row.h"
#include "delstep/types.h"

namespace delstep {

/// An immutable snapshot (n, theta) of a node's parameters, taken when a command queues it.
struct SharedModel {
  Row row;
  std::uint64_t samples = 0;
  OriginRef origin{};  ///< what of whom is in it; null: not followed
};

struct Encounter {
  NodeId peer{};
  SharedModel model;
  std::uint32_t expiry = 0;  ///< aggregations that the record still serves, >= 1
  SimTime sent{}, received{};
  MessageId message{};  ///< that brought it
  Bytes bytes = 0;      ///< of that message
};

/// A value. Copies share their records until one of them is written to.
class Guestbook {
 public:
  /// Ascending by peer.
  std::span<const Encounter> records() const { return *records_; }
  bool empty() const { return records().empty(); }
  /// See Cow::identity().
  const void* identity() const { return records_.identity(); }

  /// Each replaces the record of the same peer, a later one an earlier one. Requires expiries >= 1.
  void Write(std::vector<Encounter> encounters);
  /// After an aggregation: every expiry drops by one, and records at 0 leave.
  void Tick();

 private:
  Cow<std::vector<Encounter>> records_;
};

}  // namespace delstep
