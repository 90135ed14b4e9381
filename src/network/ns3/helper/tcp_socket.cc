// SPDX-License-Identifier: GPL-2.0-only
#include "network/ns3/helper/tcp_socket.h"

#include <ns3/node.h>
#include <ns3/rtt-estimator.h>
#include <ns3/tcp-cubic.h>
#include <ns3/tcp-l4-protocol.h>
#include <ns3/tcp-prr-recovery.h>

namespace delstep_ns3 {

ns3::TypeId TcpSocket::GetTypeId() {
  static const ns3::TypeId id = ns3::TypeId("delstep_ns3::TcpSocket")
                                    .SetParent<ns3::TcpSocketBase>()
                                    .AddConstructor<TcpSocket>();
  return id;
}

ns3::Ptr<TcpSocket> TcpSocket::On(const ns3::Ptr<ns3::Node>& node) {
  // What TcpL4Protocol::CreateSocket() does, which makes no sockets but its own.
  const auto socket = ns3::CreateObject<TcpSocket>();
  const auto tcp = node->GetObject<ns3::TcpL4Protocol>();
  socket->SetNode(node);
  socket->SetTcp(tcp);
  socket->SetRtt(ns3::CreateObject<ns3::RttMeanDeviation>());
  socket->SetCongestionControlAlgorithm(ns3::CreateObject<ns3::TcpCubic>());
  socket->SetRecoveryAlgorithm(ns3::CreateObject<ns3::TcpPrrRecovery>());
  tcp->AddSocket(socket);
  return socket;
}

void TcpSocket::Abort() {
  using ns3::Address, ns3::MakeNullCallback, ns3::Ptr, ns3::Socket;
  SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(), MakeNullCallback<void, Ptr<Socket>>());
  SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(), MakeNullCallback<void, Ptr<Socket>>());
  SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                    MakeNullCallback<void, Ptr<Socket>, const Address&>());
  SetSendCallback(MakeNullCallback<void, Ptr<Socket>, std::uint32_t>());
  SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
  CloseAndNotify();
}

ns3::Ptr<ns3::TcpSocketBase> TcpSocket::Fork() { return ns3::CopyObject<TcpSocket>(this); }

}  // namespace delstep_ns3
