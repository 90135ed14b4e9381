// SPDX-License-Identifier: GPL-2.0-only
/// UDP: a message is as many datagrams as it needs, each small enough for one packet.
#include <algorithm>
#include <deque>
#include <map>
#include <unordered_map>
#include <vector>

#include <ns3/inet-socket-address.h>
#include <ns3/simulator.h>
#include <ns3/socket.h>
#include <ns3/udp-socket-factory.h>

#include "network/ns3/helper/transport.h"

namespace delstep_ns3 {
namespace {

constexpr std::uint32_t kHeaders = 20 + 8;  // IPv4, UDP

// How many packets stand in a device's queue at most, and how few bring new ones. The device never
// runs dry, and a message of a gigabyte does not become a million packets at once.
constexpr std::uint32_t kMostWaiting = 64, kFewWaiting = 16;

class Udp : public Transport {
 public:
  using Transport::Transport;

  void Join(Station& station) override {
    const auto socket = ns3::Socket::CreateSocket(station.node, ns3::UdpSocketFactory::GetTypeId());
    socket->Bind(ns3::InetSocketAddress(station.address, kPort));
    socket->SetRecvCallback(ns3::MakeCallback(&Udp::Receive, this));
    sockets_[&station] = socket;
  }

  void Leave(Station& station) override {
    sockets_.at(&station)->Close();
    sockets_.erase(&station);
    for (const auto& [to, outlet] : station.outlets) {
      outlet->has_room = {};
      backlogs_.erase(outlet.get());
    }
  }

  void Start(const Flight& flight) override {
    const std::uint64_t payload = around_.options.mtu - kHeaders;
    // One datagram is one packet: IP never has to cut it.
    const std::uint64_t count = (flight.bytes + payload - 1) / payload;
    messages_.emplace(flight.id, Progress{.flight = flight, .seen = std::vector<bool>(count)});
    Outlet& outlet = topology_.Toward(*flight.from, *flight.to);
    // Messages that share an outlet leave one after the other, as they would from one program.
    Backlog& backlog = backlogs_[&outlet];
    backlog.messages.push_back(flight.id);
    if (!outlet.has_room) outlet.has_room = [this, &outlet] { HasRoom(outlet); };
    Pump(outlet);
  }

  void Forget(const Flight& flight) override { messages_.erase(flight.id); }

  void Lost(const FragmentTag& fragment) override { Account(fragment, true); }

 private:
  struct Progress {
    Flight flight;
    std::vector<bool> seen;   // by fragment: it has arrived or is lost
    std::uint64_t begun = 0;  // so many are with the device
    std::uint64_t done = 0;   // so many are seen
    bool lost = false, unreachable = false;
  };
  struct Backlog {
    std::deque<std::uint64_t> messages;  // in their order
    bool woken = false;
  };

  void HasRoom(Outlet& outlet) {
    Backlog& backlog = backlogs_[&outlet];
    if (backlog.woken || backlog.messages.empty() || outlet.waiting() > kFewWaiting) return;
    backlog.woken = true;
    // Not at once: the queue is just giving a packet away.
    ns3::Simulator::ScheduleNow([this, &outlet] { Pump(outlet); });
  }

  void Pump(Outlet& outlet) {
    const auto found = backlogs_.find(&outlet);
    if (found == backlogs_.end()) return;  // the node has left
    Backlog& backlog = found->second;
    backlog.woken = true;  // packets that leave while we fill the queue must not call us again
    while (!backlog.messages.empty() && outlet.waiting() < kMostWaiting) {
      // Of a message that has ended meanwhile nothing more is sent.
      const auto message = messages_.find(backlog.messages.front());
      if (message == messages_.end() || !SendNext(message->second)) backlog.messages.pop_front();
    }
    backlog.woken = false;
  }

  // False: it was the last one.
  bool SendNext(Progress& message) {
    const std::uint64_t payload = around_.options.mtu - kHeaders;
    const Flight& flight = message.flight;
    const std::uint64_t size = std::min(payload, flight.bytes - message.begun * payload);
    const auto packet = ns3::Create<ns3::Packet>(static_cast<std::uint32_t>(size));
    packet->AddPacketTag(FragmentTag(flight.id, message.begun));
    const bool more = ++message.begun < message.seen.size();
    sockets_.at(flight.from)->SendTo(packet, 0, ns3::InetSocketAddress(flight.to->address, kPort));
    return more;
  }

  void Receive(ns3::Ptr<ns3::Socket> socket) {
    while (const ns3::Ptr<ns3::Packet> packet = socket->Recv()) {
      FragmentTag fragment;
      if (packet->PeekPacketTag(fragment)) Account(fragment, false);
    }
  }

  void Account(const FragmentTag& fragment, bool lost) {
    const auto found = messages_.find(fragment.message());
    if (found == messages_.end()) return;  // it has ended
    Progress& message = found->second;
    // A radio may deliver a frame and, hearing no acknowledgement, drop it later.
    if (message.seen[fragment.index()]) return;
    message.seen[fragment.index()] = true;
    if (lost) {
      message.lost = true;
      if (!topology_.InReach(*message.flight.from, *message.flight.to)) message.unreachable = true;
    }
    if (++message.done < message.seen.size()) return;
    // The last one decides on the time, all together on the reason.
    const Reason reason = message.unreachable ? "unreachable" : message.lost ? "loss" : "";
    messages_.erase(found);
    ended_(fragment.message(), reason);
  }

  std::map<const Station*, ns3::Ptr<ns3::Socket>> sockets_;
  std::unordered_map<std::uint64_t, Progress> messages_;  // by id
  std::unordered_map<const Outlet*, Backlog> backlogs_;
};

}  // namespace

std::unique_ptr<Transport> MakeUdp(const Surroundings& surroundings, Topology& topology,
                                   Transport::Ended ended) {
  return std::make_unique<Udp>(surroundings, topology, std::move(ended));
}

}  // namespace delstep_ns3
