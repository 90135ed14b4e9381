// SPDX-License-Identifier: GPL-2.0-only
/// A private full-duplex cable per pair of nodes, laid when it is first needed.
#include <map>

#include "network/ns3/helper/one_way_channel.h"
#include "network/ns3/helper/topology.h"

namespace delstep_ns3 {
namespace {

class Mesh : public Topology {
 public:
  using Topology::Topology;

  bool HasOwnLinks() const override { return true; }
  void Add(Station& /*station*/) override {}

  Outlet& Toward(Station& from, Station& to) override {
    std::unique_ptr<Outlet>& outlet = from.outlets[to.number];
    if (!outlet) Lay(from, to);
    return *from.outlets[to.number];
  }

  void DefaultChanged() override {
    for (const auto& [key, direction] : directions_)
      if (!around_.links.HasOwn(key)) Apply(key, direction);
  }

  void LinkChanged(std::uint32_t from, std::uint32_t to) override {
    // A cable that is laid later reads the properties then.
    const auto found = directions_.find(Key(from, to));
    if (found != directions_.end()) Apply(found->first, found->second);
  }

  void FlushLink(Station& from, Station& to) override {
    const auto found = from.outlets.find(to.number);
    if (found != from.outlets.end()) found->second->flush();
  }

  void FlushStation(Station& station) override {
    for (const auto& [other, outlet] : station.outlets) {
      outlet->flush();
      const Direction& back = directions_.at(Key(other, station.number));
      back.device->GetQueue()->Flush();
    }
  }

 private:
  struct Direction {
    ns3::Ptr<ns3::PointToPointNetDevice> device;  // the sender's
    ns3::Ptr<OneWayChannel> channel;
    int end;
  };

  void Lay(Station& a, Station& b) {
    // ns-3 takes new devices at any time, as long as no queue disc stands before them.
    const Cable cable = MakeCable(around_.options.mtu);
    cable.channel->SetLost([this](const ns3::Packet& packet) { around_.lost(packet); });
    Station* const stations[] = {&a, &b};
    for (const int end : {0, 1}) {
      Station &here = *stations[end], &there = *stations[1 - end];
      const auto& device = cable.ends[end];
      here.node->AddDevice(device);
      AddInterface(here, device);
      here.routing->SetRoute(there.address, device);
      here.outlets[there.number] = Outlet::Of(device, device->GetQueue());
      around_.capture.Watch(
          device, "node-" + std::to_string(here.number) + "-to-" + std::to_string(there.number));
      const LinkKey key = Key(here.number, there.number);
      Apply(key, directions_[key] = {.device = device, .channel = cable.channel, .end = end});
    }
  }

  void Apply(LinkKey key, const Direction& direction) {
    const LinkProperties& link = around_.links.Of(key);
    direction.device->SetDataRate(Rate(link.bandwidth));
    OneWayChannel::Way& way = direction.channel->way(direction.end);
    way.latency = ns3::NanoSeconds(link.latency);
    way.loses = {};
    if (link.loss > 0)
      way.loses = [&links = around_.links, key, loss = link.loss] { return links.Draw(key, loss); };
  }

  std::map<LinkKey, Direction> directions_;  // ordered: changes reach ns-3 in the same order always
};

}  // namespace

std::unique_ptr<Topology> MakeMesh(const Surroundings& surroundings) {
  return std::make_unique<Mesh>(surroundings);
}

}  // namespace delstep_ns3
