// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// A node of the simulator as ns-3 sees it.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include <ns3/ipv4-address.h>
#include <ns3/ipv4.h>
#include <ns3/net-device.h>
#include <ns3/node.h>
#include <ns3/packet.h>
#include <ns3/queue.h>

#include "network/ns3/helper/routing.h"

namespace delstep_ns3 {

/// Where packets leave a node: a device, and the queue before it, which is never full.
struct Outlet {
  ns3::Ptr<ns3::NetDevice> device;
  std::function<std::uint32_t()> waiting;  ///< how many packets stand in the queue
  std::function<void()> flush;             ///< throws them away
  std::function<void()> has_room;  ///< called when a packet has left the queue; may be empty

  /// An outlet with this queue, which becomes the device's.
  static std::unique_ptr<Outlet> Of(const ns3::Ptr<ns3::NetDevice>& device,
                                    const ns3::Ptr<ns3::Queue<ns3::Packet>>& queue);
  void PacketLeft(ns3::Ptr<const ns3::Packet>) const;
};

/// A queue without end.
ns3::Ptr<ns3::Queue<ns3::Packet>> LongQueue();

struct Station {
  std::uint32_t number = 0;  ///< the simulator's
  ns3::Ptr<ns3::Node> node;
  ns3::Ptr<ns3::Ipv4> ipv4;
  ns3::Ptr<Routing> routing;
  ns3::Ipv4Address address;  ///< the same on all devices
  bool up = true;
  std::optional<double> uplink, downlink;  ///< bits per second of the node; nothing: no limit
  /// Where its packets to each other node leave (mesh; key: the node's number), or all (key:
  /// kAllNodes).
  std::unordered_map<std::uint32_t, std::unique_ptr<Outlet>> outlets;
  static constexpr std::uint32_t kAllNodes = 0xffffffff;
};

/// The k-th address of the network 10.0.0.0/8, k from 1; none is a broadcast address.
ns3::Ipv4Address AddressOf(std::uint32_t k);
inline constexpr std::uint32_t kMostStations = 0xfffff0;

/// A node with IP, TCP and UDP, and with a routing of ours that knows the address.
void InstallStack(Station& station);

/// Gives a device of the node its address, and brings it up. Returns the number of the interface.
std::uint32_t AddInterface(Station& station, const ns3::Ptr<ns3::NetDevice>& device);

/// On a medium that all share, both know each other's hardware address for good. So no question for
/// it takes time, and no packet is lost while it waits for the answer.
void Introduce(Station& a, Station& b);

}  // namespace delstep_ns3
