// SPDX-License-Identifier: GPL-2.0-only
#include "network/ns3/helper/station.h"

#include <limits>

#include <ns3/arp-cache.h>
#include <ns3/arp-l3-protocol.h>
#include <ns3/drop-tail-queue.h>
#include <ns3/icmpv4-l4-protocol.h>
#include <ns3/ipv4-interface.h>
#include <ns3/ipv4-l3-protocol.h>
#include <ns3/tcp-l4-protocol.h>
#include <ns3/traffic-control-layer.h>
#include <ns3/udp-l4-protocol.h>

namespace delstep_ns3 {

std::unique_ptr<Outlet> Outlet::Of(const ns3::Ptr<ns3::NetDevice>& device,
                                   const ns3::Ptr<ns3::Queue<ns3::Packet>>& queue) {
  auto outlet = std::make_unique<Outlet>();
  outlet->device = device;
  outlet->waiting = [queue] { return queue->GetNPackets(); };
  outlet->flush = [queue] { queue->Flush(); };
  queue->TraceConnectWithoutContext("Dequeue",
                                    ns3::MakeCallback(&Outlet::PacketLeft, outlet.get()));
  return outlet;
}

void Outlet::PacketLeft(ns3::Ptr<const ns3::Packet> /*packet*/) const {
  if (has_room) has_room();
}

ns3::Ptr<ns3::Queue<ns3::Packet>> LongQueue() {
  const auto queue = ns3::CreateObject<ns3::DropTailQueue<ns3::Packet>>();
  queue->SetMaxSize(
      ns3::QueueSize(ns3::QueueSizeUnit::PACKETS, std::numeric_limits<std::uint32_t>::max() - 1));
  return queue;
}

ns3::Ipv4Address AddressOf(std::uint32_t k) { return ns3::Ipv4Address((10u << 24) + k); }

// By hand rather than by ns-3's helper, which adds IPv6, routing tables and queue discs: they would
// double the memory and the time.
void InstallStack(Station& station) {
  const ns3::Ptr<ns3::Node> node = ns3::CreateObject<ns3::Node>();
  // Without queue discs: the layer hands all packets on to the devices, whose queues are long
  // enough.
  const auto traffic = ns3::CreateObject<ns3::TrafficControlLayer>();
  const auto arp = ns3::CreateObject<ns3::ArpL3Protocol>();
  const auto ipv4 = ns3::CreateObject<ns3::Ipv4L3Protocol>();
  node->AggregateObject(traffic);
  node->AggregateObject(arp);
  node->AggregateObject(ipv4);
  node->AggregateObject(ns3::CreateObject<ns3::Icmpv4L4Protocol>());
  node->AggregateObject(ns3::CreateObject<ns3::UdpL4Protocol>());
  node->AggregateObject(ns3::CreateObject<ns3::TcpL4Protocol>());
  arp->SetTrafficControl(traffic);
  station.node = node;
  station.ipv4 = ipv4;
  station.routing = ns3::CreateObject<Routing>();
  station.routing->SetAddress(station.address);
  ipv4->SetRoutingProtocol(station.routing);
}

std::uint32_t AddInterface(Station& station, const ns3::Ptr<ns3::NetDevice>& device) {
  const std::uint32_t interface = station.ipv4->AddInterface(device);
  station.ipv4->AddAddress(interface,
                           ns3::Ipv4InterfaceAddress(station.address, ns3::Ipv4Mask("255.0.0.0")));
  station.ipv4->SetUp(interface);
  return interface;
}

namespace {

void Remember(const Station& station, ns3::Ipv4Address address, const ns3::Address& hardware) {
  const auto ipv4 = station.node->GetObject<ns3::Ipv4L3Protocol>();
  // Interface 0 is the loop to the node itself.
  const ns3::Ptr<ns3::ArpCache> cache = ipv4->GetInterface(1)->GetArpCache();
  if (cache->Lookup(address) != nullptr) return;
  ns3::ArpCache::Entry* const entry = cache->Add(address);
  entry->SetMacAddress(hardware);
  entry->MarkPermanent();
}

}  // namespace

void Introduce(Station& a, Station& b) {
  Remember(a, b.address, b.ipv4->GetNetDevice(1)->GetAddress());
  Remember(b, a.address, a.ipv4->GetNetDevice(1)->GetAddress());
}

}  // namespace delstep_ns3
