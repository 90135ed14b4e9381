// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// A TCP socket that can be given up at once.
#include <ns3/tcp-socket-base.h>

namespace delstep_ns3 {

class TcpSocket : public ns3::TcpSocketBase {
 public:
  static ns3::TypeId GetTypeId();
  TcpSocket() = default;
  TcpSocket(const TcpSocket&) = default;  // for Fork()

  /// A closed socket on the node, with the parts that ns-3's own would have.
  static ns3::Ptr<TcpSocket> On(const ns3::Ptr<ns3::Node>& node);

  /// Forgets peer, data and timers without a word to anybody; no callback is called any more. Not
  /// to be called in a callback of this socket.
  void Abort();

 protected:
  ns3::Ptr<ns3::TcpSocketBase> Fork() override;  // as a listener makes one for each new peer
};

}  // namespace delstep_ns3
