#include "core/acts/why.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "core/world/provenance.h"

namespace delstep {
namespace {

constexpr std::size_t kMostNodes = 2000;

Result<void> RequireFollowed(const World& world, const Node& node) {
  if (node.origin) return {};
  const std::string& why = world.scenario->history.why;
  return Refused(fmt::format("this run does not follow where models come from (history.why = {}{})",
                             why, why == "auto" ? ", more than 2,000 nodes" : ""),
                 "start it with history.why=true");
}

/// A model on the way back: of `node` after its meeting `meeting`, and after more training if so
/// said.
struct Place {
  NodeId node{};
  std::uint64_t meeting = 0;
  bool trained = false;
  friend bool operator==(const Place&, const Place&) = default;
};
struct PlaceHash {
  std::size_t operator()(const Place& place) const {
    constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15;  // 2^64 / the golden ratio
    const std::uint64_t hash = (Index(place.node) * kFactor ^ place.meeting) * kFactor;
    return (hash ^ (hash >> 32)) * 2 + (place.trained ? 1 : 0);
  }
};

/// The strongest way from a place to the model that was asked for.
struct Way {
  double weight = 0;                       // product of the weights on it; 0: none is known yet
  std::size_t messages = 0;                // on it
  const Place* later = nullptr;            // where it goes on
  const Meeting* meeting_after = nullptr;  // in which it became a part of that one
  const MeetingInput* input = nullptr;
  std::size_t uses = 0;  // by meetings that are still to be looked at

  bool IsStrongerThan(const Way& other) const {
    return std::tuple(std::abs(weight), other.messages) >
           std::tuple(std::abs(other.weight), messages);
  }
};

/// All ways back from a node's model, through the meetings that are kept. A weight may be above 1
/// (gradients, rules of one's own), so that a longer way may be the stronger one: a place is
/// looked at when all that it became a part of have been.
class WaysBack {
 public:
  WaysBack(const World& world, Place present) : world_(world) {
    Discover(present);
    ways_[present].weight = 1;
    Follow(present);
  }

  KnowledgeWay From(NodeId source) const {
    const Way* best = nullptr;
    double forgotten = 0;  // the strongest of those that end where meetings are no longer kept
    for (const Place* place : order_) {
      const Way& way = ways_.at(*place);
      if (place->node == source && (place->trained || place->meeting == 0) &&
          (!best || way.IsStrongerThan(*best)))
        best = &way;
      if (place->meeting != 0 && !MeetingOf(*place))
        forgotten = std::max(forgotten, std::abs(way.weight));
    }
    KnowledgeWay found;
    if (best) found = {.hops = HopsOf(*best, source), .weight = best->weight};
    // What is beyond a place can be stronger than the way to it only where weights are above 1.
    found.forgotten = amplifies_ ? forgotten > 0 : forgotten > std::abs(found.weight);
    return found;
  }

 private:
  /// Null: there is none before it, or it is no longer kept.
  const Meeting* MeetingOf(const Place& place) const {
    return Find(*world_.at(place.node).meetings, place.meeting);
  }
  static Place PlaceOf(const MeetingInput& input) {
    return {.node = input.from, .meeting = input.meeting, .trained = input.trained};
  }

  /// Counts how often each place is used. Without recursion: ways may be as long as a run.
  void Discover(const Place& present) {
    std::vector<Place> open = {present};
    ways_.try_emplace(present);
    while (!open.empty()) {
      const Place place = open.back();
      open.pop_back();
      const Meeting* meeting = MeetingOf(place);
      if (!meeting) continue;
      for (const MeetingInput& input : meeting->inputs) {
        // One place may have become a part of many models.
        const auto [way, is_new] = ways_.try_emplace(PlaceOf(input));
        ++way->second.uses;
        amplifies_ |= std::abs(input.weight) > 1;
        if (is_new) open.push_back(way->first);
      }
    }
  }

  void Follow(const Place& present) {
    order_.push_back(&ways_.find(present)->first);
    for (std::size_t next = 0; next < order_.size(); ++next) {
      const Place& place = *order_[next];
      const Meeting* meeting = MeetingOf(place);
      if (!meeting) continue;
      const Way& later = ways_.at(place);
      for (const MeetingInput& input : meeting->inputs) {
        const auto found = ways_.find(PlaceOf(input));
        Way way{.weight = later.weight * input.weight,
                .messages = later.messages + (input.from == place.node ? 0 : 1),
                .later = &place,
                .meeting_after = meeting,
                .input = &input,
                .uses = found->second.uses - 1};
        if (!way.IsStrongerThan(found->second)) {
          --found->second.uses;
        } else {
          found->second = way;
        }
        if (found->second.uses == 0) order_.push_back(&found->first);
      }
    }
  }

  /// The messages of a way; keeping one's own model is none.
  std::vector<Hop> HopsOf(const Way& from, NodeId source) const {
    std::vector<Hop> hops;
    NodeId node = source;
    for (const Way* way = &from; way->later; way = &ways_.at(*way->later)) {
      const NodeId to = way->later->node;
      if (to != node)
        hops.push_back({.from = node,
                        .to = to,
                        .message = way->input->message,
                        .sent = way->input->sent,
                        .arrived = way->input->received,
                        .aggregated = way->meeting_after->at,
                        .cycle = way->meeting_after->cycle,
                        .weight = way->input->weight});
      node = to;
    }
    return hops;
  }

  const World& world_;
  std::unordered_map<Place, Way, PlaceHash> ways_;
  std::vector<const Place*> order_;  // each after all that it became a part of
  bool amplifies_ = false;           // some weights are above 1
};

}  // namespace

bool FollowsOrigins(const Scenario& scenario) {
  const std::string& why = scenario.history.why;
  return why == "true" || (why == "auto" && scenario.nodes.count <= kMostNodes);
}

Result<ModelSources> SourcesOf(const World& world, NodeId id) {
  const Node& node = world.at(id);
  DELSTEP_TRY(RequireFollowed(world, node));
  ProvenanceSum sum;
  sum.Add(id, *node.origin, 1, 1);
  const auto all = sum.Take();
  ModelSources sources{.exact = all->exact, .sources = {}};
  for (const NodeShare& share : all->shares.Rows())
    sources.sources.push_back({.node = share.node,
                               .initial = share.initial,
                               .trained = share.trained,
                               .trainings = share.last == 0 ? 0 : share.last - share.first + 1});
  for (const TrainingRange& range : all->more)
    std::ranges::lower_bound(sources.sources, range.node, {}, &SourceShare::node)->trainings +=
        range.last - range.first + 1;
  return sources;
}

Result<KnowledgeWay> WayOf(const World& world, NodeId node, NodeId source) {
  DELSTEP_TRY(RequireFollowed(world, world.at(node)));
  const ModelOrigin& origin = *world.at(node).origin;
  const Place present{.node = node, .meeting = origin.meeting, .trained = origin.since > 0};
  return WaysBack(world, present).From(source);
}

}  // namespace delstep
