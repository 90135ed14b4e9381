#pragma once
/// Ways written down by a test.
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "delstep/mobility.h"

namespace delstep {

/// One list of legs per node, without gaps, from 0 to SimTime::max().
class ScriptedMobility final : public Mobility {
 public:
  explicit ScriptedMobility(std::vector<std::vector<Leg>> legs) : legs_(std::move(legs)) {}

 private:
  Leg DoLegAt(NodeId node, SimTime time) const override {
    const std::vector<Leg>& legs = legs_[Index(node)];
    return *std::ranges::find_if(
        legs, [time](const Leg& leg) { return leg.begins <= time && time < leg.ends; });
  }
  SimTime DoRestsFrom() const override {
    SimTime rest{};
    for (const auto& legs : legs_) {
      const Leg& last = legs.back();
      if (last.vx != 0 || last.vy != 0) return SimTime::max();
      rest = std::max(rest, last.begins);
    }
    return rest;
  }
  std::size_t DoNodes() const override { return legs_.size(); }

  std::vector<std::vector<Leg>> legs_;
};

}  // namespace delstep
