#pragma once
/// Messages that share the up- and downlinks of nodes: what `network.sharing` other than "link"
/// adds to the built-in network.
///
/// With private links the end of a message is known when it is sent. Where bandwidth is shared, what
/// is sent later may delay it. So a message is a Transfer first, which a Sharing moves on as time
/// passes; when nothing can delay it any more it is through, with its end, and the network keeps it
/// as any other until that end.
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "delstep/network.h"
#include "network/builtin/flights.h"
#include "network/builtin/link_uses.h"

namespace delstep {

/// A message whose end is not known yet. Loss and latency are drawn, and the properties of the link
/// taken, when it is sent.
struct Transfer {
  Flight flight;  ///< outcome.at has no meaning yet
  Duration latency{0};
  double bandwidth = 0;    ///< of its link, bits per second; may be infinite
  bool withdrawn = false;  ///< takes its share as before, but has no outcome

  const Message& message() const { return flight.outcome.message; }
};

/// Bits per second of all that a node sends and receives.
struct Capacity {
  double up = std::numeric_limits<double>::infinity();
  double down = std::numeric_limits<double>::infinity();
};

/// The transfers of one network. The network calls Next() and Pass() in turn while time passes:
///
///   while next = sharing.Next(t):    // the next moment, up to t, at which something changes
///     sharing.Pass(next)
///     flights += sharing.TakeThrough()
///
/// Times never go backwards from call to call. The result does not depend on which times are asked
/// for: any number of Next(t) that find nothing leave the same future.
class Sharing {
 public:
  using Affected = std::function<bool(const Message&)>;

  virtual ~Sharing() = default;
  Sharing& operator=(const Sharing&) = delete;
  virtual std::unique_ptr<Sharing> Clone() const = 0;

  /// Transfers that will have an outcome.
  std::size_t in_flight() const { return in_flight_; }
  /// Not even one that was withdrawn.
  virtual bool IsIdle() const = 0;

  Capacity CapacityOf(NodeId node) const {
    return Index(node) < capacities_.size() ? capacities_[Index(node)] : default_;
  }
  void SetCapacity(NodeId node, const Capacity& capacity, SimTime now);

  /// May be through at once. Requires that it fits into simulated time if nothing delays it.
  void Send(const Transfer& transfer, SimTime now, LinkUses& uses) {
    ++in_flight_;
    DoSend(transfer, now, uses);
  }
  /// The next moment, up to and including `bound`, at which a transfer moves on.
  virtual std::optional<SimTime> Next(SimTime bound) = 0;
  /// Requires what Next() has returned.
  virtual void Pass(SimTime at, LinkUses& uses) = 0;
  /// Those that came through since the last call, with their ends.
  std::vector<Flight> TakeThrough() { return std::exchange(through_, {}); }

  /// Takes out those that are affected; their links are free now, and what waited behind them moves
  /// up. Returns those that still need an outcome. Everything up to `now` has passed.
  std::vector<Flight> Remove(const Affected& affected, SimTime now, LinkUses& uses);
  /// A node went down or left: its downlink holds nothing any more.
  virtual void FreeDownlink(NodeId /*node*/, SimTime /*now*/) {}
  /// Ids in ascending order; those that are no transfers are left out.
  void Withdraw(std::span<const MessageId> ids);
  virtual void ForEach(const std::function<void(Transfer&)>& visit) = 0;

  void Save(ByteWriter& writer) const;
  /// What is read is checked. `nodes`: ids are below it. Requires that nothing was sent yet.
  void Load(ByteReader& reader, std::size_t nodes, SimTime now);

 protected:
  explicit Sharing(const Capacity& capacity) : default_(capacity) {}
  Sharing(const Sharing&) = default;

  /// The transfer is through; without an end it arrives after the end of simulated time: then it is
  /// lost as kExpired at its last nanosecond.
  void Finish(const Transfer& transfer, std::optional<SimTime> end);

  static void Save(ByteWriter& writer, const Transfer& transfer);
  static Transfer ReadTransfer(ByteReader& reader, std::size_t nodes, SimTime now);

 private:
  using Leaves = std::function<bool(const Transfer&)>;
  virtual void DoSend(const Transfer& transfer, SimTime now, LinkUses& uses) = 0;
  virtual void DoRemove(const Leaves& leaves, SimTime now, LinkUses& uses) = 0;
  virtual void CapacityHasChanged(SimTime now) = 0;
  virtual void DoSave(ByteWriter& writer) const = 0;
  virtual void DoLoad(ByteReader& reader, std::size_t nodes, SimTime now) = 0;

  Capacity default_;
  std::vector<Capacity> capacities_;  // by node; those beyond it have the default
  std::size_t in_flight_ = 0;
  std::vector<Flight> through_;
};

/// `network.sharing = "uplink"`, see uplink_sharing.cc.
std::unique_ptr<Sharing> MakeUplinkSharing(const Capacity& capacity);
/// `network.sharing = "fair"`, see fair_sharing.cc.
std::unique_ptr<Sharing> MakeFairSharing(const Capacity& capacity);

/// Nothing, or a Sharing that is copied with its network.
struct SharingValue {
  SharingValue() = default;
  explicit SharingValue(std::unique_ptr<Sharing> made) : sharing(std::move(made)) {}
  SharingValue(const SharingValue& other)
      : sharing(other.sharing ? other.sharing->Clone() : nullptr) {}
  SharingValue(SharingValue&&) = default;
  SharingValue& operator=(const SharingValue&) = delete;
  ~SharingValue() = default;

  std::unique_ptr<Sharing> sharing;
};

}  // namespace delstep
