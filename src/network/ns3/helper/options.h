// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// What the line `begin` says.
#include <cstdint>
#include <string>

#include "network/ns3/helper/links.h"

namespace delstep_ns3 {

struct Options {
  std::string topology = "mesh";      ///< mesh, star, csma, wifi
  std::string transport = "tcp";      ///< tcp, udp
  std::uint16_t mtu = 1500;           ///< bytes of an IP packet, 68 or more
  std::int64_t ttl = 60'000'000'000;  ///< nanoseconds that a message has
  double range = 100;                 ///< metres (wifi)
  std::string pcap;                   ///< folder for captured packets; empty: none
  std::uint64_t seed = 1;
  LinkProperties link;
};

/// What is taken for "no limit": a packet of any size passes in less than a nanosecond.
inline constexpr double kUnlimited = 1e15;

}  // namespace delstep_ns3
