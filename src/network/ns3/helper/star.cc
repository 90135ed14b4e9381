// SPDX-License-Identifier: GPL-2.0-only
/// Each node has one cable to a hub, which forwards packets as a router does.
#include <algorithm>
#include <map>

#include "network/ns3/helper/one_way_channel.h"
#include "network/ns3/helper/topology.h"

namespace delstep_ns3 {
namespace {

// Loss is drawn on the way from the hub; no node has this number.
constexpr std::uint32_t kHub = 0x7fffffff;

std::optional<double> Smaller(std::optional<double> a, std::optional<double> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

class Star : public Topology {
 public:
  explicit Star(const Surroundings& surroundings) : Topology(surroundings) {
    hub_.address = AddressOf(kMostStations + 1);
    InstallStack(hub_);
  }

  bool HasCapacities() const override { return true; }

  void Add(Station& station) override {
    const Cable cable = MakeCable(around_.options.mtu);
    cable.channel->SetLost([this](const ns3::Packet& packet) { around_.lost(packet); });
    const std::string name = std::to_string(station.number);
    station.node->AddDevice(cable.ends[0]);
    AddInterface(station, cable.ends[0]);
    station.routing->SetDefaultDevice(cable.ends[0]);
    station.outlets[Station::kAllNodes] = Outlet::Of(cable.ends[0], cable.ends[0]->GetQueue());
    around_.capture.Watch(cable.ends[0], "node-" + name);
    hub_.node->AddDevice(cable.ends[1]);
    AddInterface(hub_, cable.ends[1]);
    hub_.routing->SetRoute(station.address, cable.ends[1]);
    around_.capture.Watch(cable.ends[1], "hub-to-" + name);
    Apply(ports_[station.number] = {.cable = cable, .up = {}, .down = {}}, station.number);
  }

  Outlet& Toward(Station& from, Station& /*to*/) override {
    return *from.outlets.at(Station::kAllNodes);
  }

  void DefaultChanged() override {
    for (const auto& [number, port] : ports_) Apply(port, number);
  }

  void CapacityChanged(const Station& station) override {
    Port& port = ports_.at(station.number);
    port.up = station.uplink;
    port.down = station.downlink;
    Apply(port, station.number);
  }

  void FlushStation(Station& station) override {
    Topology::FlushStation(station);
    ports_.at(station.number).cable.ends[1]->GetQueue()->Flush();
  }

 private:
  struct Port {
    Cable cable;  // end 0 at the node, end 1 at the hub
    std::optional<double> up, down;
  };

  void Apply(const Port& port, std::uint32_t number) {
    const LinkProperties& link = around_.links.default_link();
    port.cable.ends[0]->SetDataRate(Rate(Smaller(link.bandwidth, port.up)));
    port.cable.ends[1]->SetDataRate(Rate(Smaller(link.bandwidth, port.down)));
    OneWayChannel::Way &up = port.cable.channel->way(0), &down = port.cable.channel->way(1);
    // The odd nanosecond, if there is one, goes to the second half.
    up.latency = ns3::NanoSeconds(link.latency / 2);
    down.latency = ns3::NanoSeconds(link.latency - link.latency / 2);
    down.loses = {};
    if (link.loss > 0)
      down.loses = [&links = around_.links, key = Key(kHub, number), loss = link.loss] {
        return links.Draw(key, loss);
      };
  }

  Station hub_;
  std::map<std::uint32_t, Port> ports_;  // by node
};

}  // namespace

std::unique_ptr<Topology> MakeStar(const Surroundings& surroundings) {
  return std::make_unique<Star>(surroundings);
}

}  // namespace delstep_ns3
