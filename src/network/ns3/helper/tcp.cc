// SPDX-License-Identifier: GPL-2.0-only
/// TCP: one connection per ordered pair of nodes, opened with the first message and kept. Messages
/// follow each other in the stream; the sizes say where one ends.
#include <algorithm>
#include <deque>
#include <map>

#include <ns3/boolean.h>
#include <ns3/inet-socket-address.h>
#include <ns3/simulator.h>
#include <ns3/uinteger.h>

#include "network/ns3/helper/tcp_socket.h"
#include "network/ns3/helper/transport.h"

namespace delstep_ns3 {
namespace {

constexpr std::uint32_t kHeaders = 20 + 20 + 12;  // IPv4, TCP, the time stamps of TCP
constexpr double kLeastBuffer = 1 << 20, kLargestBuffer = 64 << 20;
constexpr std::uint64_t kMostAtOnce = 1 << 20;

/// What a sender may have on the way without an answer: what two round trips hold, and a mebibyte
/// for short ways.
std::uint32_t SendBuffer(const LinkProperties& link) {
  const double rate = std::min(link.bandwidth.value_or(kUnlimited), kUnlimited) / 8;  // bytes/s
  const double round_trip = 2e-9 * static_cast<double>(link.latency);
  return static_cast<std::uint32_t>(
      std::clamp(kLeastBuffer + 2 * rate * round_trip, kLeastBuffer, kLargestBuffer));
}

class Tcp : public Transport {
 public:
  using Transport::Transport;

  void Join(Station& station) override {
    const ns3::Ptr<TcpSocket> listener = MakeSocket(station);
    listener->Bind(ns3::InetSocketAddress(station.address, kPort));
    listener->Listen();
    listener->SetAcceptCallback(
        ns3::MakeNullCallback<bool, ns3::Ptr<ns3::Socket>, const ns3::Address&>(),
        ns3::MakeCallback(&Tcp::Accept, this));
    listeners_[&station] = listener;
    stations_[station.address] = &station;
  }

  void Leave(Station& station) override {
    for (auto it = connections_.begin(); it != connections_.end();) {
      Connection& connection = it->second;
      if (connection.from != &station && connection.to != &station) {
        ++it;
        continue;
      }
      Close(connection);
      it = connections_.erase(it);
    }
    listeners_.at(&station)->Abort();
    listeners_.erase(&station);
    stations_.erase(station.address);
  }

  void Start(const Flight& flight) override {
    const LinkKey key = Key(flight.from->number, flight.to->number);
    Connection& connection = connections_[key];
    connection.from = flight.from;
    connection.to = flight.to;
    connection.messages.push_back({.id = flight.id, .bytes = flight.bytes});
    if (connection.client)
      Feed(connection);
    else if (!connection.opening.IsRunning())
      Open(connection);
  }

  void Forget(const Flight& flight) override {
    const auto found = connections_.find(Key(flight.from->number, flight.to->number));
    if (found == connections_.end()) return;
    Connection& connection = found->second;
    const auto message = std::ranges::find(connection.messages, flight.id, &Waiting::id);
    if (message == connection.messages.end()) return;
    const bool begun = message->fed > 0;
    connection.messages.erase(message);
    if (!begun) return;
    // Its bytes stand in the stream and cannot be taken out of it: the others go over a new one.
    // That one opens a little later in the same moment, when all that end now have ended. A system
    // keeps in the socket what our queues hold before the cable, and forgets it with the socket.
    Close(connection);
    topology_.FlushLink(*flight.from, *flight.to);
    OpenSoon(connection);
  }

 private:
  struct Waiting {
    std::uint64_t id = 0, bytes = 0;
    std::uint64_t fed = 0;  // so many bytes the sender's socket has
    std::uint64_t got = 0;  // so many have come
  };
  struct Connection {
    Station *from = nullptr, *to = nullptr;
    ns3::Ptr<TcpSocket> client, server;
    ns3::Address client_name;
    std::deque<Waiting> messages;  // in their order
    std::size_t next = 0;          // the first that is not completely fed
    ns3::EventId opening;
  };

  ns3::Ptr<TcpSocket> MakeSocket(const Station& station) const {
    const ns3::Ptr<TcpSocket> socket = TcpSocket::On(station.node);
    socket->SetAttribute("SegmentSize", ns3::UintegerValue(around_.options.mtu - kHeaders));
    // What has come is read at once, so this is no memory, but a limit for what is on the way.
    socket->SetAttribute("RcvBufSize",
                         ns3::UintegerValue(static_cast<std::uint32_t>(kLargestBuffer)));
    // The end of a message does not wait for the next one (Nagle's algorithm).
    socket->SetAttribute("TcpNoDelay", ns3::BooleanValue(true));
    return socket;
  }

  void Open(Connection& connection) {
    const Station &from = *connection.from, &to = *connection.to;
    topology_.Toward(*connection.from, *connection.to);
    connection.client = MakeSocket(from);
    // Later changes of the link do not change the buffer: a connection may outlive many of them.
    const LinkProperties& link = around_.links.Of(Key(from.number, to.number));
    connection.client->SetAttribute("SndBufSize", ns3::UintegerValue(SendBuffer(link)));
    // Callbacks may keep the address: the map never moves what it holds, and Close() takes them
    // back.
    Connection* const self = &connection;
    // ns-3 gives up after six answers that do not come; the time to live decides whether we do.
    const auto failed = [this, self](ns3::Ptr<ns3::Socket> socket) {
      if (self->client == socket) OpenSoon(*self);
    };
    using OnSocket = ns3::Callback<void, ns3::Ptr<ns3::Socket>>;
    connection.client->SetConnectCallback(
        OnSocket([this, self](ns3::Ptr<ns3::Socket>) { Feed(*self); }), OnSocket(failed));
    connection.client->SetCloseCallbacks(OnSocket(failed), OnSocket(failed));
    connection.client->SetSendCallback(ns3::Callback<void, ns3::Ptr<ns3::Socket>, std::uint32_t>(
        [this, self](ns3::Ptr<ns3::Socket>, std::uint32_t) { Feed(*self); }));
    connection.client->Bind(ns3::InetSocketAddress(from.address, 0));
    connection.client->GetSockName(connection.client_name);
    connection.client->Connect(ns3::InetSocketAddress(to.address, kPort));
  }

  // All that waits is sent once more from its first byte, over a new connection.
  void OpenSoon(Connection& connection) {
    if (connection.opening.IsRunning()) return;
    Connection* const self = &connection;
    connection.opening = ns3::Simulator::ScheduleNow([this, self] {
      Close(*self);
      if (!self->messages.empty()) Open(*self);
    });
  }

  static void Close(Connection& connection) {
    if (connection.client) connection.client->Abort();
    if (connection.server) connection.server->Abort();
    connection.client = connection.server = nullptr;
    connection.opening.Cancel();
    for (Waiting& message : connection.messages) message.fed = message.got = 0;
    connection.next = 0;
  }

  void Feed(Connection& connection) {
    while (connection.client && connection.next < connection.messages.size()) {
      Waiting& message = connection.messages[connection.next];
      const std::uint64_t size = std::min({std::uint64_t{connection.client->GetTxAvailable()},
                                           message.bytes - message.fed, kMostAtOnce});
      if (size == 0) return;  // Feed() is called again when there is room
      // Before the send, which may call us again.
      message.fed += size;
      if (message.fed == message.bytes) ++connection.next;
      if (connection.client->Send(ns3::Create<ns3::Packet>(static_cast<std::uint32_t>(size)), 0) <
          0)
        return OpenSoon(connection);
    }
  }

  void Accept(ns3::Ptr<ns3::Socket> socket, const ns3::Address& from) {
    ns3::Address here;
    socket->GetSockName(here);
    const auto sender = stations_.find(ns3::InetSocketAddress::ConvertFrom(from).GetIpv4());
    const auto receiver = stations_.find(ns3::InetSocketAddress::ConvertFrom(here).GetIpv4());
    if (sender == stations_.end() || receiver == stations_.end()) return;  // one has left
    const auto found = connections_.find(Key(sender->second->number, receiver->second->number));
    const auto server = ns3::DynamicCast<TcpSocket>(socket);
    if (found == connections_.end() || found->second.client_name != from) {
      // Of a connection that was given up meanwhile. Not at once: we are in a callback of the
      // socket.
      ns3::Simulator::ScheduleNow([server] { server->Abort(); });
      return;
    }
    Connection* const self = &found->second;
    self->server = server;
    socket->SetRecvCallback(ns3::Callback<void, ns3::Ptr<ns3::Socket>>(
        [this, self](ns3::Ptr<ns3::Socket> one) { Receive(*self, one); }));
  }

  void Receive(Connection& connection, const ns3::Ptr<ns3::Socket>& socket) {
    while (const ns3::Ptr<ns3::Packet> packet = socket->Recv()) {
      // A piece may hold the end of one message, some whole ones, and the beginning of another.
      std::uint64_t size = packet->GetSize();
      while (size > 0 && !connection.messages.empty()) {
        Waiting& first = connection.messages.front();
        const std::uint64_t part = std::min(size, first.bytes - first.got);
        first.got += part;
        size -= part;
        if (first.got < first.bytes) break;
        const std::uint64_t id = first.id;
        connection.messages.pop_front();
        --connection.next;  // what has come was fed
        ended_(id, "");
      }
    }
  }

  std::map<const Station*, ns3::Ptr<TcpSocket>> listeners_;
  std::map<ns3::Ipv4Address, Station*> stations_;
  std::map<LinkKey, Connection> connections_;
};

}  // namespace

std::unique_ptr<Transport> MakeTcp(const Surroundings& surroundings, Topology& topology,
                                   Transport::Ended ended) {
  return std::make_unique<Tcp>(surroundings, topology, std::move(ended));
}

}  // namespace delstep_ns3
