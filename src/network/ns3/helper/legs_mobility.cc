// SPDX-License-Identifier: GPL-2.0-only
#include "network/ns3/helper/legs_mobility.h"

#include <algorithm>
#include <iterator>

#include <ns3/simulator.h>

namespace delstep_ns3 {

ns3::TypeId LegsMobility::GetTypeId() {
  static const ns3::TypeId id = ns3::TypeId("delstep_ns3::LegsMobility")
                                    .SetParent<ns3::MobilityModel>()
                                    .AddConstructor<LegsMobility>();
  return id;
}

const Leg* LegsMobility::LatestLeg() const {
  const std::int64_t now = ns3::Simulator::Now().GetNanoSeconds();
  // The last leg that has begun.
  const auto after = std::ranges::upper_bound(legs_, now, {}, &Leg::t0);
  return after == legs_.begin() ? nullptr : &*std::prev(after);
}

ns3::Vector LegsMobility::DoGetPosition() const {
  if (legs_.empty()) return {};
  const Leg* const leg = LatestLeg();
  if (leg == nullptr) return {legs_[0].x0, legs_[0].y0, 0};
  const std::int64_t now = ns3::Simulator::Now().GetNanoSeconds();
  if (now >= leg->t1) return {leg->x1, leg->y1, 0};
  const double part = static_cast<double>(now - leg->t0) / static_cast<double>(leg->t1 - leg->t0);
  return {leg->x0 + part * (leg->x1 - leg->x0), leg->y0 + part * (leg->y1 - leg->y0), 0};
}

void LegsMobility::DoSetPosition(const ns3::Vector& position) {
  SetLegs({{.x0 = position.x, .y0 = position.y, .x1 = position.x, .y1 = position.y}});
}

ns3::Vector LegsMobility::DoGetVelocity() const {
  const Leg* const leg = LatestLeg();
  if (leg == nullptr || ns3::Simulator::Now().GetNanoSeconds() >= leg->t1) return {};
  const double seconds = static_cast<double>(leg->t1 - leg->t0) * 1e-9;
  return {(leg->x1 - leg->x0) / seconds, (leg->y1 - leg->y0) / seconds, 0};
}

}  // namespace delstep_ns3
