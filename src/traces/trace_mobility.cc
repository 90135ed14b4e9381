#include "traces/trace_mobility.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>
#include <vector>

#include "base/text.h"
#include "traces/node_ids.h"

namespace delstep {
namespace {

Position PlaceOf(const TrackPoint& point) { return {point.x, point.y, 0}; }

/// A leg that stands, or is nowhere.
Leg Standing(SimTime begins, SimTime ends, const TrackPoint& at, bool present = true) {
  return {.begins = begins, .ends = ends, .from = PlaceOf(at), .present = present};
}

/// The leg of a stretch at a moment in it.
Leg LegOfStretch(const Track& track, const Stretch& stretch, SimTime time) {
  const auto first = track.points.begin() + static_cast<std::ptrdiff_t>(stretch.first);
  const auto end = first + static_cast<std::ptrdiff_t>(stretch.count);
  // The last of several points of one time is the one from which the way goes on: a jump.
  const auto next = std::upper_bound(
      first, end, time, [](SimTime moment, const TrackPoint& point) { return moment < point.at; });
  if (next == first) return Standing(stretch.begins, std::min(first->at, stretch.ends), *first);
  const TrackPoint& from = *std::prev(next);
  const SimTime begins = std::max(from.at, stretch.begins);
  if (next == end) return Standing(begins, stretch.ends, from);
  const double seconds = Seconds(next->at - from.at);
  Leg leg = Standing(begins, std::min(next->at, stretch.ends), from);
  leg.vx = (next->x - from.x) / seconds;
  leg.vy = (next->y - from.y) / seconds;
  return leg;
}

Leg LegOfTrack(const Track& track, SimTime time) {
  const auto& stretches = track.stretches;
  const auto next = std::ranges::upper_bound(stretches, time, {}, &Stretch::begins);
  if (next != stretches.begin() && time < std::prev(next)->ends)
    return LegOfStretch(track, *std::prev(next), time);
  // Nowhere: where it was last, or will be first.
  const SimTime ends = next == stretches.end() ? SimTime::max() : next->begins;
  if (next == stretches.begin()) return Standing(SimTime{}, ends, track.points[next->first], false);
  const Stretch& last = *std::prev(next);
  // The place at its very end, which may lie before its last point.
  const Leg until = LegOfStretch(track, last, last.ends - Duration(1));
  Leg leg = Standing(last.ends, ends, {}, false);
  leg.from = until.At(last.ends);
  return leg;
}

class TraceMobility final : public Mobility {
 public:
  TraceMobility(Trace trace, const NodesOfIds& ids, std::vector<std::string> notes)
      : Mobility(std::move(notes)) {
    for (const NodeId node : ids.nodes) tracks_.resize(std::max(tracks_.size(), Index(node) + 1));
    nodes_ = std::max(ids.count, tracks_.size());
    for (std::size_t i = 0; i < ids.nodes.size(); ++i) Enter(ids.nodes[i], trace.tracks[i]);
    std::ranges::sort(changes_, {}, [](const PresenceChange& change) {
      return std::tuple(change.at, change.present, change.node);
    });
  }

 private:
  void Enter(NodeId node, Track& track) {
    for (const Stretch& stretch : track.stretches) {
      // There from the start is no change.
      if (stretch.begins > SimTime{}) changes_.push_back({stretch.begins, node, true});
      if (stretch.ends < SimTime::max()) changes_.push_back({stretch.ends, node, false});
      const SimTime last = track.points[stretch.first + stretch.count - 1].at;
      rests_ = std::max({rests_, stretch.begins, std::min(last, stretch.ends),
                         stretch.ends < SimTime::max() ? stretch.ends : SimTime{}});
    }
    tracks_[Index(node)] = std::move(track);
  }

  Leg DoLegAt(NodeId node, SimTime time) const override {
    if (Index(node) >= tracks_.size() || tracks_[Index(node)].stretches.empty())
      return Standing(SimTime{}, SimTime::max(), {}, false);
    return LegOfTrack(tracks_[Index(node)], time);
  }

  std::vector<PresenceChange> DoPresenceChanges(std::size_t nodes, SimTime after,
                                                SimTime until) const override {
    std::vector<PresenceChange> changes;
    for (auto change = std::ranges::upper_bound(changes_, after, {}, &PresenceChange::at);
         change != changes_.end() && change->at <= until; ++change)
      if (Index(change->node) < nodes) changes.push_back(*change);
    return changes;
  }

  SimTime DoRestsFrom() const override { return rests_; }
  std::size_t DoNodes() const override { return nodes_; }

  std::vector<Track> tracks_;  // by node; without stretches: never there
  std::vector<PresenceChange> changes_;
  std::size_t nodes_ = 0;
  SimTime rests_{};
};

}  // namespace

Result<std::unique_ptr<Mobility>> MakeTraceMobility(Trace trace, const NodesOptions& nodes,
                                                    const std::string& file) {
  std::vector<std::string> ids;
  for (const Track& track : trace.tracks) ids.push_back(track.id);
  DELSTEP_ASSIGN(const NodesOfIds found, FindNodesOfIds(ids, nodes, file));
  std::vector<std::string> notes;
  const auto tell = [&](const std::string& note) {
    notes.push_back(fmt::format("{}: {}", file, note));
  };
  for (const std::string& note : trace.notes) tell(note);
  for (const std::string& note : found.notes) tell(note);
  if (found.count > ids.size())
    tell(fmt::format("it has {}, so {} of {} {} never there", Count(ids.size(), "id"),
                     found.count - ids.size(), Count(found.count, "node"),
                     found.count - ids.size() == 1 ? "is" : "are"));
  return std::unique_ptr<Mobility>(
      std::make_unique<TraceMobility>(std::move(trace), found, std::move(notes)));
}

}  // namespace delstep
