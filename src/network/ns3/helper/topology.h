// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// How nodes hang together: cables, a hub, a bus or the air.
#include <functional>
#include <memory>

#include <ns3/packet.h>

#include "network/ns3/helper/capture.h"
#include "network/ns3/helper/links.h"
#include "network/ns3/helper/options.h"
#include "network/ns3/helper/station.h"

namespace delstep_ns3 {

/// What a topology may use; all of it outlives the topology.
struct Surroundings {
  const Options& options;
  Links& links;
  Capture& capture;
  /// To be told of each packet that the network loses, when it would have arrived.
  std::function<void(const ns3::Packet&)> lost;
};

class Topology {
 public:
  explicit Topology(const Surroundings& surroundings) : around_(surroundings) {}
  virtual ~Topology() = default;
  Topology(const Topology&) = delete;
  Topology& operator=(const Topology&) = delete;

  /// Throws a Refusal for properties that this topology cannot give to the default link.
  virtual void CheckDefault(const LinkProperties& /*link*/) const {}
  /// Whether a single link may have a loss, latency and bandwidth of its own.
  virtual bool HasOwnLinks() const { return false; }
  /// Whether nodes have an uplink and a downlink.
  virtual bool HasCapacities() const { return false; }
  /// Whether the loss of a link is still to be drawn when a packet has come to its receiver.
  virtual bool DrawsLossAtReceiver() const { return false; }

  /// Whether the two can hear each other now.
  virtual bool InReach(const Station& /*a*/, const Station& /*b*/) const { return true; }

  /// A node joins; it has its stack already.
  virtual void Add(Station& station) = 0;
  /// Where the packets of `from` to `to` leave. Makes the way there and back if there is none yet.
  virtual Outlet& Toward(Station& from, Station& to) = 0;

  /// Properties changed, in the links or in the node.
  virtual void DefaultChanged() {}
  virtual void LinkChanged(std::uint32_t /*from*/, std::uint32_t /*to*/) {}
  virtual void CapacityChanged(const Station& /*station*/) {}

  /// Throws away what waits in queues on a direction that went down, where it has queues of its
  /// own.
  virtual void FlushLink(Station& /*from*/, Station& /*to*/) {}
  /// Throws away what waits in queues at or for a node that went down or left.
  virtual void FlushStation(Station& station);

 protected:
  const Surroundings& around_;
};

std::unique_ptr<Topology> MakeMesh(const Surroundings& surroundings);
std::unique_ptr<Topology> MakeStar(const Surroundings& surroundings);
std::unique_ptr<Topology> MakeBus(const Surroundings& surroundings);
std::unique_ptr<Topology> MakeField(const Surroundings& surroundings);

/// By the name in the options; throws a Refusal for a name that is not known.
std::unique_ptr<Topology> MakeTopology(const Surroundings& surroundings);

}  // namespace delstep_ns3
