// SPDX-License-Identifier: GPL-2.0-only
#include "network/ns3/helper/packet_network.h"

#include <algorithm>
#include <string>
#include <utility>

#include <ns3/rng-seed-manager.h>
#include <ns3/simulator.h>

#include "network/ns3/helper/refusal.h"

namespace delstep_ns3 {
namespace {

constexpr std::uint32_t kLargestNumber = 0x7ffffffe;  // the star's hub comes after it

std::string Quote(std::uint32_t node) { return "node " + std::to_string(node); }

/// ns-3 takes the seed in two parts; different seeds give different pairs of them.
void Seed(std::uint64_t seed) {
  ns3::RngSeedManager::SetSeed(1 + static_cast<std::uint32_t>(seed & 0x7fffffff));
  ns3::RngSeedManager::SetRun(seed >> 31);
}

}  // namespace

PacketNetwork::PacketNetwork(Options options)
    : options_(std::move(options)),
      capture_(options_.pcap),
      surroundings_{.options = options_,
                    .links = links_,
                    .capture = capture_,
                    .lost = [this](const ns3::Packet& packet) { PacketLost(packet); }} {
  Seed(options_.seed);
  links_.SetDefault(options_.link);
  topology_ = MakeTopology(surroundings_);
  // A node that is down is reached like any other, and takes nothing.
  const auto ended = [this](std::uint64_t message, Reason reason) {
    const Flight& flight = flights_.at(message);
    EndFlight(message, reason.empty() && !flight.to->up ? "down" : reason);
  };
  if (options_.transport == "tcp")
    transport_ = MakeTcp(surroundings_, *topology_, ended);
  else if (options_.transport == "udp")
    transport_ = MakeUdp(surroundings_, *topology_, ended);
  else
    throw Refusal{"unknown transport \"" + options_.transport + "\"", "take tcp or udp"};
}

Station& PacketNetwork::Attached(std::uint32_t node) {
  const auto found = stations_.find(node);
  if (found == stations_.end()) throw Refusal{Quote(node) + " is not attached", "attach it first"};
  return found->second;
}

std::pair<Station*, Station*> PacketNetwork::Pair(std::uint32_t from, std::uint32_t to) {
  if (from == to) throw Refusal{Quote(from) + " has no link to itself", "name two nodes"};
  return {&Attached(from), &Attached(to)};
}

void PacketNetwork::Attach(std::uint32_t node) {
  if (node > kLargestNumber)
    throw Refusal{"node number " + std::to_string(node) + " is too large",
                  "numbers go up to " + std::to_string(kLargestNumber)};
  // Addresses are not given twice either: a packet to a node that left must not reach another one.
  if (numbers_.size() >= kMostStations) throw Refusal{"too many nodes", "take fewer"};
  if (!numbers_.insert(node).second)
    throw Refusal{Quote(node) + " was attached before", "a number is used once"};
  Station& station = stations_[node];
  station.number = node;
  station.address = AddressOf(static_cast<std::uint32_t>(numbers_.size()));
  numbers_by_address_[station.address.Get()] = node;
  InstallStack(station);
  Station* const receiver = &station;
  station.routing->SetAdmits([this, receiver](ns3::Ipv4Address from, const ns3::Packet& packet) {
    return Admits(*receiver, from, packet);
  });
  topology_->Add(station);
  transport_->Join(station);
}

void PacketNetwork::Detach(std::uint32_t node) {
  Station& station = Attached(node);
  EndAll([&](const Flight& flight) { return flight.from == &station || flight.to == &station; },
         "detached");
  topology_->FlushStation(station);
  transport_->Leave(station);
  // An extracted entry keeps its address, which events that are still to come may know.
  // ns-3 cannot remove a node: it stays, without a word. Interface 0 is the loop to itself.
  for (std::uint32_t i = 1; i < station.ipv4->GetNInterfaces(); ++i) station.ipv4->SetDown(i);
  numbers_by_address_.erase(station.address.Get());
  gone_.push_back(stations_.extract(node));
}

void PacketNetwork::SetUp(std::uint32_t node, bool up) {
  Station& station = Attached(node);
  if (station.up == up) return;
  station.up = up;
  if (up) return;
  // What it would still send of messages that have ended must not delay what it sends when it is
  // back.
  EndAll([&](const Flight& flight) { return flight.from == &station || flight.to == &station; },
         "down");
  topology_->FlushStation(station);
}

void PacketNetwork::SetDefault(const LinkProperties& link) {
  // Asked before anything is changed, although a refusal ends the helper.
  topology_->CheckDefault(link);
  links_.SetDefault(link);
  topology_->DefaultChanged();
  EndOnDownLinks();
}

void PacketNetwork::SetLink(std::uint32_t from, std::uint32_t to, const LinkProperties& link) {
  Pair(from, to);
  // Elsewhere links share what they are made of; that one of them carries nothing is possible.
  LinkProperties default_but_up = links_.default_link();
  default_but_up.up = link.up;
  if (link != default_but_up && !topology_->HasOwnLinks())
    throw Refusal{"on " + options_.topology + " a single link can be up or down, nothing else",
                  "take the topology mesh"};
  links_.SetOwn(Key(from, to), link);
  topology_->LinkChanged(from, to);
  EndOnDownLinks();
}

void PacketNetwork::ClearLink(std::uint32_t from, std::uint32_t to) {
  Pair(from, to);
  links_.ClearOwn(Key(from, to));
  topology_->LinkChanged(from, to);
  EndOnDownLinks();
}

void PacketNetwork::EndOnDownLinks() {
  // No message of a link that is down is left from before, so those are of links that just went
  // down.
  std::map<LinkKey, std::pair<Station*, Station*>> links;
  const auto is_down = [&](const Flight& flight) {
    const LinkKey key = Key(flight.from->number, flight.to->number);
    if (links_.Of(key).up) return false;
    links[key] = {flight.from, flight.to};
    return true;
  };
  EndAll(is_down, "unreachable");
  for (const auto& [key, ends] : links) topology_->FlushLink(*ends.first, *ends.second);
}

void PacketNetwork::SetCapacity(std::uint32_t node, std::optional<double> up,
                                std::optional<double> down) {
  Station& station = Attached(node);
  if ((up || down) && !topology_->HasCapacities())
    throw Refusal{"nodes have up- and downlinks on the topology star alone",
                  "set ns3.topology = \"star\""};
  station.uplink = up;
  station.downlink = down;
  topology_->CapacityChanged(station);
}

void PacketNetwork::SetLegs(std::uint32_t node, std::vector<Leg> legs) {
  const auto mobility = Attached(node).node->GetObject<LegsMobility>();
  if (!mobility)
    throw Refusal{"where a node is matters on wifi alone", "set ns3.topology = \"wifi\""};
  mobility->SetLegs(std::move(legs));
}

void PacketNetwork::Send(std::uint64_t message, std::uint32_t from, std::uint32_t to,
                         std::uint64_t bytes) {
  const auto [sender, receiver] = Pair(from, to);
  Flight flight{.id = message,
                .from = sender,
                .to = receiver,
                .bytes = bytes,
                .sent = now(),
                .order = sent_++,
                .reported = true,
                .expiry = {}};
  if (!flights_.emplace(message, flight).second)
    throw Refusal{"message " + std::to_string(message) + " is on the way already",
                  "a number is used once"};
  ++awaited_;
  // The same order as everywhere: the node first, then its link.
  if (!sender->up) return EndFlight(message, "down");
  if (!links_.Of(Key(from, to)).up) return EndFlight(message, "unreachable");
  // An end beyond the end of time is at the end of time.
  const std::int64_t time_left = std::min(options_.ttl, Clock::kEnd - now());
  flights_.at(message).expiry =
      ns3::Simulator::Schedule(ns3::NanoSeconds(time_left), [this, message] {
        transport_->Forget(flights_.at(message));
        EndFlight(message, "expired");
      });
  // An event of the node, as ns-3 wants it, and after the start of devices that were just made.
  ns3::Simulator::ScheduleWithContext(sender->node->GetId(), ns3::Time(0), [this, message] {
    const auto found = flights_.find(message);
    if (found != flights_.end()) transport_->Start(found->second);
  });
}

void PacketNetwork::EndFlight(std::uint64_t message, Reason reason) {
  const auto found = flights_.find(message);
  Flight& flight = found->second;
  flight.expiry.Remove();
  if (flight.reported) {
    ends_.push_back({.message = message,
                     .sent = flight.sent,
                     .at = now(),
                     .reason = reason,
                     .order = flight.order});
    --awaited_;
    // Time goes on within this moment, so that what ends together is reported together.
    const bool enough = until_ == Until::kFirst || (until_ == Until::kAll && awaited_ == 0) ||
                        (until_ == Until::kSome && some_.erase(message) > 0 && some_.empty());
    if (enough) clock_.StopNow();
  }
  flights_.erase(found);
}

template <class Predicate>
void PacketNetwork::EndAll(Predicate takes_away, Reason reason) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> taken;  // (order of sending, message)
  for (const auto& [message, flight] : flights_)
    if (takes_away(flight)) taken.emplace_back(flight.order, message);
  std::ranges::sort(taken);  // what ns-3 sees must not depend on the order of a hash map
  for (const auto& [order, message] : taken) {
    transport_->Forget(flights_.at(message));
    EndFlight(message, reason);
  }
}

void PacketNetwork::Withdraw(const std::vector<std::uint64_t>& messages) {
  for (const std::uint64_t message : messages) {
    const auto found = flights_.find(message);
    if (found != flights_.end() && found->second.reported) {
      found->second.reported = false;
      --awaited_;
    } else if (std::erase_if(ends_, [&](const End& e) { return e.message == message; }) == 0) {
      throw Refusal{"message " + std::to_string(message) + " is not on the way",
                    "withdraw what was sent and has not ended"};
    }
  }
}

bool PacketNetwork::Admits(const Station& to, ns3::Ipv4Address from, const ns3::Packet& packet) {
  const auto sender = numbers_by_address_.find(from.Get());
  if (sender == numbers_by_address_.end()) return false;  // it has left
  const LinkKey key = Key(sender->second, to.number);
  const LinkProperties& link = links_.Of(key);
  if (!link.up) return false;
  if (!topology_->DrawsLossAtReceiver() || !links_.Draw(key, link.loss)) return true;
  PacketLost(packet);
  return false;
}

void PacketNetwork::PacketLost(const ns3::Packet& packet) {
  FragmentTag fragment;
  if (packet.PeekPacketTag(fragment)) transport_->Lost(fragment);
}

Ends PacketNetwork::Advance(std::int64_t time) {
  if (time < now())
    throw Refusal{"time " + std::to_string(time) + " is past: it is " + std::to_string(now()),
                  "time passes forwards"};
  clock_.RunUntil(time);
  return TakeEnds();
}

Ends PacketNetwork::Next(std::int64_t limit) {
  if (!ends_.empty()) return TakeEnds();
  until_ = Until::kFirst;
  return Advance(limit);
}

Ends PacketNetwork::Drain(const std::vector<std::uint64_t>& until) {
  // What is not on the way has ended, also what was withdrawn.
  for (const std::uint64_t message : until) {
    const auto found = flights_.find(message);
    if (found != flights_.end() && found->second.reported) some_.insert(message);
  }
  if (until.empty() ? awaited_ == 0 : some_.empty()) return TakeEnds();
  until_ = until.empty() ? Until::kAll : Until::kSome;
  return Advance(Clock::kEnd);  // every message ends at its time to live at the latest
}

Ends PacketNetwork::TakeEnds() {
  until_ = Until::kTime;
  some_.clear();
  std::ranges::sort(ends_, {}, [](const End& end) { return std::pair(end.at, end.order); });
  return std::exchange(ends_, {});
}

}  // namespace delstep_ns3
