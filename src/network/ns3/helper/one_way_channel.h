// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// A cable between two devices, each direction of which has its own latency and losses. ns-3's own
/// has one latency for both.
#include <cstdint>
#include <functional>
#include <optional>

#include <ns3/nstime.h>
#include <ns3/point-to-point-channel.h>
#include <ns3/point-to-point-net-device.h>

namespace delstep_ns3 {

class OneWayChannel : public ns3::PointToPointChannel {
 public:
  struct Way {
    ns3::Time latency;
    std::function<bool()> loses;  ///< asked once per packet; empty: none is lost
  };
  /// Told of a lost packet when it would have arrived.
  using Lost = std::function<void(const ns3::Packet&)>;

  static ns3::TypeId GetTypeId();
  OneWayChannel() = default;

  void SetLost(Lost lost) { lost_ = std::move(lost); }
  /// The direction from the device that was attached first (0) or second (1). Packets on the way
  /// keep their arrival and their fate.
  Way& way(int from) { return ways_[from]; }

  bool TransmitStart(ns3::Ptr<const ns3::Packet> packet,
                     ns3::Ptr<ns3::PointToPointNetDevice> sender, ns3::Time duration) override;

 private:
  void Lose(ns3::Ptr<const ns3::Packet> packet) const { lost_(*packet); }

  Way ways_[2];
  Lost lost_;
};

/// Two devices with endless queues and this largest IP packet, on such a cable.
struct Cable {
  ns3::Ptr<OneWayChannel> channel;
  ns3::Ptr<ns3::PointToPointNetDevice> ends[2];
};
Cable MakeCable(std::uint16_t mtu);

/// The rate of a device; nothing is kUnlimited.
ns3::DataRate Rate(std::optional<double> bits_per_second);

}  // namespace delstep_ns3
