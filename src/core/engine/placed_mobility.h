#pragma once
/// A mobility whose nodes can be put elsewhere (`move`).
#include <map>
#include <memory>
#include <utility>

#include "delstep/mobility.h"

namespace delstep {

/// Behaves as `inner`, but for the nodes that have a place of their own: these are there for ever.
/// `contacts` that were made with it see the new places with their next call to At().
class PlacedMobility final : public Mobility {
 public:
  explicit PlacedMobility(std::unique_ptr<Mobility> inner)
      : Mobility(inner->notes()), inner_(std::move(inner)) {}

  std::map<NodeId, Position> places;

 private:
  Leg DoLegAt(NodeId node, SimTime time) const override {
    if (const auto place = places.find(node); place != places.end()) {
      Leg leg;
      leg.from = place->second;
      return leg;
    }
    return inner_->LegAt(node, time);
  }
  std::vector<PresenceChange> DoPresenceChanges(std::size_t nodes, SimTime after,
                                                SimTime until) const override {
    return inner_->PresenceChanges(nodes, after, until);
  }
  SimTime DoRestsFrom() const override { return inner_->rests_from(); }
  std::size_t DoNodes() const override { return inner_->nodes(); }

  std::unique_ptr<Mobility> inner_;
};

}  // namespace delstep
