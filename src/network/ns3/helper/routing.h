// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// Who is reached over which device. ns-3's own static routing searches a list for each packet;
/// here each address is one look-up.
#include <functional>
#include <unordered_map>

#include <ns3/ipv4-route.h>
#include <ns3/ipv4-routing-protocol.h>
#include <ns3/ipv4.h>

namespace delstep_ns3 {

/// The routing of one node, which has one address on all its devices. Every other node is one hop
/// away, or behind the hub.
class Routing : public ns3::Ipv4RoutingProtocol {
 public:
  /// Whether a packet from this address may come in; asked for each packet to this node.
  using Admits = std::function<bool(ns3::Ipv4Address from, const ns3::Packet& packet)>;

  static ns3::TypeId GetTypeId();
  Routing() = default;

  void SetAddress(ns3::Ipv4Address own) { own_ = own; }
  void SetAdmits(Admits admits) { admits_ = std::move(admits); }
  /// To this address over this device.
  void SetRoute(ns3::Ipv4Address to, const ns3::Ptr<ns3::NetDevice>& device);
  /// To every address without a route of its own over this device.
  void SetDefaultDevice(const ns3::Ptr<ns3::NetDevice>& device) { default_device_ = device; }

  ns3::Ptr<ns3::Ipv4Route> RouteOutput(ns3::Ptr<ns3::Packet> packet, const ns3::Ipv4Header& header,
                                       ns3::Ptr<ns3::NetDevice> device,
                                       ns3::Socket::SocketErrno& error) override;
  bool RouteInput(ns3::Ptr<const ns3::Packet> packet, const ns3::Ipv4Header& header,
                  ns3::Ptr<const ns3::NetDevice> device, UnicastForwardCallback forward,
                  MulticastForwardCallback multicast, LocalDeliverCallback deliver,
                  ErrorCallback error) override;
  void NotifyInterfaceUp(std::uint32_t) override {}
  void NotifyInterfaceDown(std::uint32_t) override {}
  void NotifyAddAddress(std::uint32_t, ns3::Ipv4InterfaceAddress) override {}
  void NotifyRemoveAddress(std::uint32_t, ns3::Ipv4InterfaceAddress) override {}
  void SetIpv4(ns3::Ptr<ns3::Ipv4> ipv4) override { ipv4_ = ipv4; }
  void PrintRoutingTable(ns3::Ptr<ns3::OutputStreamWrapper>, ns3::Time::Unit) const override {}

 protected:
  void DoDispose() override;

 private:
  ns3::Ptr<ns3::Ipv4Route> RouteTo(ns3::Ipv4Address to);

  ns3::Ptr<ns3::Ipv4> ipv4_;
  ns3::Ipv4Address own_;
  Admits admits_;
  ns3::Ptr<ns3::NetDevice> default_device_;
  std::unordered_map<std::uint32_t, ns3::Ptr<ns3::Ipv4Route>> routes_;  // by address
};

}  // namespace delstep_ns3
