// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// How a message becomes packets, and packets become a message again.
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include <ns3/event-id.h>

#include "network/ns3/helper/fragment_tag.h"
#include "network/ns3/helper/station.h"
#include "network/ns3/helper/topology.h"

namespace delstep_ns3 {

/// A message on the way.
struct Flight {
  std::uint64_t id = 0;
  Station *from = nullptr, *to = nullptr;
  std::uint64_t bytes = 0;
  std::int64_t sent = 0;    ///< nanoseconds
  std::uint64_t order = 0;  ///< of sending
  bool reported = true;     ///< false: it was withdrawn, and its end is nobody's business
  ns3::EventId expiry;
};

/// Why a message did not arrive; empty: it did.
using Reason = std::string_view;

class Transport {
 public:
  /// Called when a message has ended by what the network did to it, in an event of ns-3.
  using Ended = std::function<void(std::uint64_t message, Reason reason)>;

  Transport(const Surroundings& surroundings, Topology& topology, Ended ended)
      : around_(surroundings), topology_(topology), ended_(std::move(ended)) {}
  virtual ~Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  virtual void Join(Station& station) = 0;
  /// The node's sockets are closed; its messages were forgotten before.
  virtual void Leave(Station& station) = 0;

  /// The message goes on the wire, behind those before it.
  virtual void Start(const Flight& flight) = 0;
  /// The message has ended for another reason than Ended: nothing more is sent of it. Others go on.
  virtual void Forget(const Flight& flight) = 0;
  /// The network has lost this packet of it for good.
  virtual void Lost(const FragmentTag& /*fragment*/) {}

 protected:
  const Surroundings& around_;
  Topology& topology_;
  Ended ended_;
};

std::unique_ptr<Transport> MakeTcp(const Surroundings& surroundings, Topology& topology,
                                   Transport::Ended ended);
std::unique_ptr<Transport> MakeUdp(const Surroundings& surroundings, Topology& topology,
                                   Transport::Ended ended);

/// The port on which every node listens.
inline constexpr std::uint16_t kPort = 9;

}  // namespace delstep_ns3
