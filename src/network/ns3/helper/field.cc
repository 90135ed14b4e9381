// SPDX-License-Identifier: GPL-2.0-only
/// A field of radios: 802.11g without access points, each node in reach of those within a range.
#include <ns3/config.h>
#include <ns3/double.h>
#include <ns3/mobility-model.h>
#include <ns3/queue-size.h>
#include <ns3/string.h>
#include <ns3/traffic-control-layer.h>
#include <ns3/wifi-helper.h>
#include <ns3/wifi-mac-helper.h>
#include <ns3/wifi-mac-queue.h>
#include <ns3/wifi-mac.h>
#include <ns3/wifi-mpdu.h>
#include <ns3/wifi-net-device.h>
#include <ns3/yans-wifi-helper.h>

#include "network/ns3/helper/fragment_tag.h"
#include "network/ns3/helper/legs_mobility.h"
#include "network/ns3/helper/refusal.h"
#include "network/ns3/helper/topology.h"

namespace delstep_ns3 {
namespace {

constexpr std::uint16_t kLargestMtu = 2296;  // 2304 bytes of 802.11, less the LLC header

class Field : public Topology {
 public:
  explicit Field(const Surroundings& surroundings) : Topology(surroundings) {
    if (around_.options.mtu > kLargestMtu)
      throw Refusal{"ns3.mtu: at most 2296 bytes on wifi", "take 1500"};
    CheckDefault(around_.links.default_link());
    // Frames that wait are not thrown away, however long the queue is and however long they wait.
    ns3::Config::SetDefault("ns3::WifiMacQueue::MaxSize",
                            ns3::QueueSizeValue(ns3::QueueSize("4294967294p")));
    ns3::Config::SetDefault("ns3::WifiMacQueue::MaxDelay", ns3::TimeValue(ns3::Hours(1000)));
    ns3::YansWifiChannelHelper air;
    air.SetPropagationDelay("ns3::ConstantSpeedPropagationDelayModel");
    air.AddPropagationLoss("ns3::RangePropagationLossModel", "MaxRange",
                           ns3::DoubleValue(around_.options.range));
    // A constant rate, as within the range the signal is equally strong everywhere.
    phy_.SetChannel(air.Create());
    mac_.SetType("ns3::AdhocWifiMac");
    wifi_.SetStandard(ns3::WIFI_STANDARD_80211g);
    wifi_.SetRemoteStationManager("ns3::ConstantRateWifiManager", "DataMode",
                                  ns3::StringValue("ErpOfdmRate54Mbps"), "ControlMode",
                                  ns3::StringValue("ErpOfdmRate24Mbps"));
  }

  bool DrawsLossAtReceiver() const override { return true; }

  bool InReach(const Station& a, const Station& b) const override {
    const auto here = a.node->GetObject<ns3::MobilityModel>();
    const auto there = b.node->GetObject<ns3::MobilityModel>();
    return here->GetDistanceFrom(there) <= around_.options.range;
  }

  void CheckDefault(const LinkProperties& link) const override {
    if (link.latency != 0 || link.bandwidth)
      throw Refusal{"on wifi the radio decides on latency and bandwidth",
                    "leave network.latency and network.bandwidth as they are, or take another "
                    "ns3.topology"};
  }

  void Add(Station& station) override {
    station.node->AggregateObject(ns3::CreateObject<LegsMobility>());
    const auto device =
        ns3::DynamicCast<ns3::WifiNetDevice>(wifi_.Install(phy_, mac_, station.node).Get(0));
    device->SetMtu(around_.options.mtu);
    AddInterface(station, device);
    // Wifi devices can stop the layer above them; it must know them for that.
    station.node->GetObject<ns3::TrafficControlLayer>()->ScanDevices();
    station.routing->SetDefaultDevice(device);
    WatchDrops(device->GetMac());
    station.outlets[Station::kAllNodes] = MakeOutlet(device);
    around_.capture.WatchRadio(device, "node-" + std::to_string(station.number));
  }

  Outlet& Toward(Station& from, Station& to) override {
    Introduce(from, to);
    return *from.outlets.at(Station::kAllNodes);
  }

 private:
  static std::unique_ptr<Outlet> MakeOutlet(const ns3::Ptr<ns3::WifiNetDevice>& device) {
    auto outlet = std::make_unique<Outlet>();
    const auto queue = device->GetMac()->GetTxopQueue(ns3::AC_BE_NQOS);
    outlet->device = device;
    outlet->waiting = [queue] { return queue->GetNPackets(); };
    outlet->flush = [queue] { queue->Flush(); };
    const Outlet* const left = outlet.get();
    queue->TraceConnectWithoutContext(
        "Dequeue", ns3::Callback<void, ns3::Ptr<const ns3::WifiMpdu>>(
                       [left](ns3::Ptr<const ns3::WifiMpdu>) { left->PacketLeft(nullptr); }));
    return outlet;
  }

  // A frame that was sent seven times without an acknowledgement is dropped by its sender.
  void WatchDrops(const ns3::Ptr<ns3::WifiMac>& mac) {
    mac->TraceConnectWithoutContext(
        "DroppedMpdu", ns3::Callback<void, ns3::WifiMacDropReason, ns3::Ptr<const ns3::WifiMpdu>>(
                           [this](ns3::WifiMacDropReason, ns3::Ptr<const ns3::WifiMpdu> frame) {
                             around_.lost(*frame->GetPacket());
                           }));
  }

  ns3::YansWifiPhyHelper phy_;
  ns3::WifiMacHelper mac_;
  ns3::WifiHelper wifi_;
};

}  // namespace

std::unique_ptr<Topology> MakeField(const Surroundings& surroundings) {
  return std::make_unique<Field>(surroundings);
}

}  // namespace delstep_ns3
