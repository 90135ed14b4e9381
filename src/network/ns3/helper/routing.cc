// SPDX-License-Identifier: GPL-2.0-only
#include "network/ns3/helper/routing.h"

#include <ns3/net-device.h>

namespace delstep_ns3 {

ns3::TypeId Routing::GetTypeId() {
  static const ns3::TypeId id = ns3::TypeId("delstep_ns3::Routing")
                                    .SetParent<ns3::Ipv4RoutingProtocol>()
                                    .AddConstructor<Routing>();
  return id;
}

void Routing::SetRoute(ns3::Ipv4Address to, const ns3::Ptr<ns3::NetDevice>& device) {
  const auto route = ns3::Create<ns3::Ipv4Route>();
  route->SetDestination(to);
  route->SetSource(own_);
  route->SetGateway(to);
  route->SetOutputDevice(device);
  routes_[to.Get()] = route;
}

ns3::Ptr<ns3::Ipv4Route> Routing::RouteTo(ns3::Ipv4Address to) {
  const auto found = routes_.find(to.Get());
  if (found != routes_.end()) return found->second;
  if (!default_device_) return nullptr;
  SetRoute(to, default_device_);
  return routes_[to.Get()];
}

ns3::Ptr<ns3::Ipv4Route> Routing::RouteOutput(ns3::Ptr<ns3::Packet> /*packet*/,
                                              const ns3::Ipv4Header& header,
                                              ns3::Ptr<ns3::NetDevice> /*device*/,
                                              ns3::Socket::SocketErrno& error) {
  const ns3::Ptr<ns3::Ipv4Route> route = RouteTo(header.GetDestination());
  error = route ? ns3::Socket::ERROR_NOTERROR : ns3::Socket::ERROR_NOROUTETOHOST;
  return route;
}

bool Routing::RouteInput(ns3::Ptr<const ns3::Packet> packet, const ns3::Ipv4Header& header,
                         ns3::Ptr<const ns3::NetDevice> device, UnicastForwardCallback forward,
                         MulticastForwardCallback /*multicast*/, LocalDeliverCallback deliver,
                         ErrorCallback /*error*/) {
  if (header.GetDestination() == own_) {
    // What is not admitted is done with, as far as IP is concerned: no error goes back.
    if (!admits_ || admits_(header.GetSource(), *packet))
      deliver(packet, header, static_cast<std::uint32_t>(ipv4_->GetInterfaceForDevice(device)));
    return true;
  }
  // The hub's business.
  const ns3::Ptr<ns3::Ipv4Route> route = RouteTo(header.GetDestination());
  if (route) forward(route, packet, header);
  return true;
}

void Routing::DoDispose() {
  // Devices, node and routing hold each other.
  ipv4_ = nullptr;
  default_device_ = nullptr;
  routes_.clear();
  Ipv4RoutingProtocol::DoDispose();
}

}  // namespace delstep_ns3
