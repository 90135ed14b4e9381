// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// The network that the helper's lines speak of: nodes, links and messages, on ns-3.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "network/ns3/helper/capture.h"
#include "network/ns3/helper/clock.h"
#include "network/ns3/helper/legs_mobility.h"
#include "network/ns3/helper/links.h"
#include "network/ns3/helper/options.h"
#include "network/ns3/helper/topology.h"
#include "network/ns3/helper/transport.h"

namespace delstep_ns3 {

/// How a message ended: arrived (an empty reason) or lost.
struct End {
  std::uint64_t message = 0;
  std::int64_t sent = 0, at = 0;  ///< nanoseconds
  Reason reason;
  std::uint64_t order = 0;  ///< of sending
};
using Ends = std::vector<End>;  ///< ordered by (at, order of sending)

/// The names of the calls are those of the lines of docs/internals/network-helpers.md, which says
/// what each does. Every call throws a Refusal for what makes no sense, and leaves the network
/// unusable.
///
/// That a node is down is known to this class alone: packets to it travel, and TCP answers, but
/// what has come is not delivered. So a node that is back in time gets what was sent meanwhile. A
/// link that is down carries no packet at all; so TCP in the other direction waits for its answers,
/// and its messages may expire.
class PacketNetwork {
 public:
  /// One per process. Throws a Refusal for options that do not go together.
  explicit PacketNetwork(Options options);
  PacketNetwork(const PacketNetwork&) = delete;
  PacketNetwork& operator=(const PacketNetwork&) = delete;

  std::int64_t now() const { return clock_.now(); }

  void Attach(std::uint32_t node);
  void Detach(std::uint32_t node);
  void SetUp(std::uint32_t node, bool up);
  void SetDefault(const LinkProperties& link);
  void SetLink(std::uint32_t from, std::uint32_t to, const LinkProperties& link);
  void ClearLink(std::uint32_t from, std::uint32_t to);
  void SetCapacity(std::uint32_t node, std::optional<double> up, std::optional<double> down);
  void SetLegs(std::uint32_t node, std::vector<Leg> legs);
  void Send(std::uint64_t message, std::uint32_t from, std::uint32_t to, std::uint64_t bytes);
  void Withdraw(const std::vector<std::uint64_t>& messages);

  Ends Advance(std::int64_t time);
  Ends Next(std::int64_t limit);
  /// Nothing: until no message is on the way.
  Ends Drain(const std::vector<std::uint64_t>& until);

  Capture& capture() { return capture_; }

 private:
  Station& Attached(std::uint32_t node);
  /// The ends of a link; throws unless they are two attached nodes.
  std::pair<Station*, Station*> Pair(std::uint32_t from, std::uint32_t to);
  void EndFlight(std::uint64_t message, Reason reason);
  template <class Predicate>
  void EndAll(Predicate takes_away, Reason reason);
  /// Ends the messages of links that are down, and empties the queues before these.
  void EndOnDownLinks();
  bool Admits(const Station& to, ns3::Ipv4Address from, const ns3::Packet& packet);
  void PacketLost(const ns3::Packet& packet);
  Ends TakeEnds();

  const Options options_;
  Clock clock_;
  Links links_;
  Capture capture_;
  const Surroundings surroundings_;
  std::unique_ptr<Topology> topology_;
  std::unique_ptr<Transport> transport_;

  std::unordered_map<std::uint32_t, Station> stations_;                      // attached, by number
  std::vector<std::unordered_map<std::uint32_t, Station>::node_type> gone_;  // ns-3 knows them yet
  std::unordered_set<std::uint32_t> numbers_;  // that were ever attached
  std::unordered_map<std::uint32_t, std::uint32_t> numbers_by_address_;

  std::unordered_map<std::uint64_t, Flight> flights_;  // by message
  std::size_t awaited_ = 0;                            // flights whose end is to be reported
  std::uint64_t sent_ = 0;
  Ends ends_;  // not yet reported
  // What a running Next() or Drain() waits for.
  enum class Until : std::uint8_t { kTime, kFirst, kSome, kAll };
  Until until_ = Until::kTime;
  std::unordered_set<std::uint64_t> some_;
};

}  // namespace delstep_ns3
