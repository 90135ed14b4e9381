// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// Where a node is: on the straight legs that the simulator's own mobility computed.
#include <cstdint>
#include <vector>

#include <ns3/mobility-model.h>

namespace delstep_ns3 {

/// From (x0, y0) at t0 to (x1, y1) at t1 at constant speed; nanoseconds and metres.
struct Leg {
  std::int64_t t0 = 0;
  double x0 = 0, y0 = 0;
  std::int64_t t1 = 0;
  double x1 = 0, y1 = 0;
};

/// Positions are computed when ns-3 asks for them, so a node that nobody hears costs nothing.
/// Before the first leg a node stands at its start, between two legs at the end of the earlier one,
/// after the last leg at its end; without legs at (0, 0).
class LegsMobility : public ns3::MobilityModel {
 public:
  static ns3::TypeId GetTypeId();
  LegsMobility() = default;

  /// Legs with t0 <= t1, none before the end of the one before it.
  void SetLegs(std::vector<Leg> legs) { legs_ = std::move(legs); }

 private:
  ns3::Vector DoGetPosition() const override;
  void DoSetPosition(const ns3::Vector& position) override;
  ns3::Vector DoGetVelocity() const override;
  const Leg* LatestLeg() const;

  std::vector<Leg> legs_;
};

}  // namespace delstep_ns3
