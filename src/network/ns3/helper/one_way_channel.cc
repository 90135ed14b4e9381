// SPDX-License-Identifier: GPL-2.0-only
#include "network/ns3/helper/one_way_channel.h"

#include <algorithm>

#include <ns3/data-rate.h>
#include <ns3/mac48-address.h>
#include <ns3/packet.h>
#include <ns3/simulator.h>

#include "network/ns3/helper/options.h"
#include "network/ns3/helper/station.h"

namespace delstep_ns3 {

ns3::TypeId OneWayChannel::GetTypeId() {
  static const ns3::TypeId id = ns3::TypeId("delstep_ns3::OneWayChannel")
                                    .SetParent<ns3::PointToPointChannel>()
                                    .AddConstructor<OneWayChannel>();
  return id;
}

bool OneWayChannel::TransmitStart(ns3::Ptr<const ns3::Packet> packet,
                                  ns3::Ptr<ns3::PointToPointNetDevice> sender, ns3::Time duration) {
  const std::size_t from = sender == GetSource(0) ? 0 : 1;
  const Way& way = ways_[from];
  const ns3::Ptr<ns3::PointToPointNetDevice> receiver = GetDestination(from);
  // ns-3 wants to know at which node an event happens.
  const std::uint32_t context = receiver->GetNode()->GetId();
  // A lost packet occupies the cable like any other.
  if (way.loses && way.loses())
    ns3::Simulator::ScheduleWithContext(context, duration + way.latency, &OneWayChannel::Lose,
                                        ns3::Ptr<OneWayChannel>(this), packet);
  else
    ns3::Simulator::ScheduleWithContext(context, duration + way.latency,
                                        &ns3::PointToPointNetDevice::Receive, receiver,
                                        packet->Copy());
  return true;
}

Cable MakeCable(std::uint16_t mtu) {
  Cable cable{.channel = ns3::CreateObject<OneWayChannel>(), .ends = {}};
  for (auto& device : cable.ends) {
    device = ns3::CreateObject<ns3::PointToPointNetDevice>();
    device->SetAddress(ns3::Mac48Address::Allocate());
    device->SetMtu(mtu);
    device->SetQueue(LongQueue());
    device->Attach(cable.channel);
  }
  return cable;
}

ns3::DataRate Rate(std::optional<double> bits_per_second) {
  const double rate = std::min(bits_per_second.value_or(kUnlimited), kUnlimited);
  return ns3::DataRate(static_cast<std::uint64_t>(rate + 0.5));
}

}  // namespace delstep_ns3
