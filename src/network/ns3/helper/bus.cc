// SPDX-License-Identifier: GPL-2.0-only
/// One shared bus: whoever sends keeps all others waiting, also while the signal travels.
#include <algorithm>

#include <ns3/csma-channel.h>
#include <ns3/csma-net-device.h>
#include <ns3/data-rate.h>
#include <ns3/mac48-address.h>
#include <ns3/uinteger.h>

#include "network/ns3/helper/one_way_channel.h"
#include "network/ns3/helper/refusal.h"
#include "network/ns3/helper/topology.h"

namespace delstep_ns3 {
namespace {

class Bus : public Topology {
 public:
  explicit Bus(const Surroundings& surroundings)
      : Topology(surroundings), channel_(ns3::CreateObject<ns3::CsmaChannel>()) {
    const LinkProperties& link = around_.links.default_link();
    channel_->SetAttribute("DataRate", ns3::DataRateValue(Rate(link.bandwidth)));
    DefaultChanged();
  }

  bool DrawsLossAtReceiver() const override { return true; }

  void CheckDefault(const LinkProperties& link) const override {
    // A device of ns-3 reads the rate when it is attached, and never again.
    if (link.bandwidth != around_.links.default_link().bandwidth)
      throw Refusal{"the bus keeps the bandwidth that it has from the start",
                    "set network.bandwidth before the session, or take the topology mesh or star"};
  }

  void Add(Station& station) override {
    const auto device = ns3::CreateObject<ns3::CsmaNetDevice>();
    const auto queue = LongQueue();
    device->SetAddress(ns3::Mac48Address::Allocate());
    device->SetMtu(around_.options.mtu);
    device->SetQueue(queue);
    device->Attach(channel_);
    SetBackoff(*device);
    station.node->AddDevice(device);
    AddInterface(station, device);
    station.routing->SetDefaultDevice(device);
    // One queue for all receivers: the bus is the same.
    station.outlets[Station::kAllNodes] = Outlet::Of(device, queue);
    around_.capture.Watch(device, "node-" + std::to_string(station.number));
  }

  Outlet& Toward(Station& from, Station& to) override {
    Introduce(from, to);
    return *from.outlets.at(Station::kAllNodes);
  }

  void DefaultChanged() override {
    const LinkProperties& link = around_.links.default_link();
    channel_->SetAttribute("Delay", ns3::TimeValue(ns3::NanoSeconds(link.latency)));
  }

 private:
  // A device that finds the bus busy tries again after a random number of slots, at most the time
  // of a packet. ns-3 gives up after a while, which would lose a packet at its sender: never here.
  void SetBackoff(ns3::CsmaNetDevice& device) const {
    constexpr std::uint32_t kSlots = 1000;
    const ns3::Time packet =
        Rate(around_.links.default_link().bandwidth).CalculateBytesTxTime(around_.options.mtu);
    const ns3::Time slot = std::max(ns3::MicroSeconds(1), packet / kSlots);
    // The library takes the last two in this order, whatever its header says: 2^10 slots at most
    // for the exponential growth, and as many tries as it takes.
    device.SetBackoffParams(slot, 1, kSlots, 10, 0xfffffffe);
  }

  ns3::Ptr<ns3::CsmaChannel> channel_;
};

}  // namespace

std::unique_ptr<Topology> MakeBus(const Surroundings& surroundings) {
  return std::make_unique<Bus>(surroundings);
}

}  // namespace delstep_ns3
