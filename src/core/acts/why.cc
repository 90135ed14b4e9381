#include "core/acts/why.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "core/world/provenance.h"

namespace delstep {
namespace {

constexpr std::size_t kMostNodes = 2000;

Result<void> RequireFollowed(const Run& run, const Node& node) {
  if (node.origin) return {};
  const std::string& why = run.world.scenario->history.why;
  return Refused(fmt::format("this run does not follow where models come from (history.why = {}{})",
                             why, why == "auto" ? ", more than 2,000 nodes" : ""),
                 "start it with history.why=true");
}

/// A model on the way back: of `node` after its meeting `meeting`, and after more training if so
/// said.
struct Place {
  double weight = 1;  // product of the weights on the way from the model that was asked for
  NodeId node{};
  std::uint64_t meeting = 0;
  bool trained = false;
  std::size_t messages = 0;                // on the way so far
  std::optional<std::size_t> later{};      // among the visited places: where the way goes on
  const Meeting* meeting_after = nullptr;  // in which it became a part of that one
  const MeetingInput* input = nullptr;

  /// Best-first: larger weights, then fewer messages, then any fixed order.
  friend bool operator<(const Place& a, const Place& b) {
    return std::tuple(std::abs(a.weight), b.messages, b.node, b.meeting) <
           std::tuple(std::abs(b.weight), a.messages, a.node, a.meeting);
  }
};

/// The messages from `place` to the model that was asked for; keeping one's own model is none.
std::vector<Hop> HopsFrom(const Place* place, const std::vector<Place>& visited) {
  std::vector<Hop> hops;
  for (; place->later; place = &visited[*place->later]) {
    const NodeId to = visited[*place->later].node;
    if (to == place->node) continue;
    const MeetingInput& input = *place->input;
    hops.push_back({.from = input.from,
                    .to = to,
                    .message = input.message,
                    .sent = input.sent,
                    .arrived = input.received,
                    .aggregated = place->meeting_after->at,
                    .cycle = place->meeting_after->cycle,
                    .weight = input.weight});
  }
  return hops;
}

}  // namespace

bool FollowsOrigins(const Scenario& scenario) {
  const std::string& why = scenario.history.why;
  return why == "true" || (why == "auto" && scenario.nodes.count <= kMostNodes);
}

Result<ModelSources> SourcesOf(const Run& run, NodeId id) {
  const Node& node = run.world.at(id);
  DELSTEP_TRY(RequireFollowed(run, node));
  ProvenanceSum sum;
  sum.Add(id, *node.origin, 1, 1);
  const auto all = sum.Take();
  ModelSources sources{.exact = all->exact, .sources = {}};
  for (const NodeShare& share : all->shares)
    sources.sources.push_back({.node = share.node,
                               .initial = share.initial,
                               .trained = share.trained,
                               .trainings = share.last == 0 ? 0 : share.last - share.first + 1});
  for (const TrainingRange& range : all->more)
    std::ranges::lower_bound(sources.sources, range.node, {}, &SourceShare::node)->trainings +=
        range.last - range.first + 1;
  return sources;
}

Result<KnowledgeWay> WayOf(const Run& run, NodeId node, NodeId source) {
  const World& world = run.world;
  DELSTEP_TRY(RequireFollowed(run, world.at(node)));
  const Origin& origin = *world.at(node).origin;
  KnowledgeWay way;
  std::vector<Place> visited;
  std::set<std::tuple<NodeId, std::uint64_t, bool>> seen;
  std::priority_queue<Place> open;
  open.push({.node = node, .meeting = origin.meeting, .trained = origin.since > 0});
  while (!open.empty()) {
    const Place place = open.top();
    open.pop();
    // The first way to a place was the strongest: weights of a mean only make it weaker.
    if (!seen.emplace(place.node, place.meeting, place.trained).second) continue;
    visited.push_back(place);
    if (place.node == source && (place.trained || place.meeting == 0)) {
      way.weight = place.weight;
      way.hops = HopsFrom(&visited.back(), visited);
      return way;
    }
    if (place.meeting == 0) continue;  // the beginning of somebody else
    const Meeting* meeting = Find(*world.at(place.node).meetings, place.meeting);
    if (meeting == nullptr) {
      way.forgotten = true;
      continue;
    }
    for (const MeetingInput& input : meeting->inputs)
      open.push({.weight = place.weight * input.weight,
                 .node = input.from,
                 .meeting = input.meeting,
                 .trained = input.trained,
                 .messages = place.messages + (input.from == place.node ? 0 : 1),
                 .later = visited.size() - 1,
                 .meeting_after = meeting,
                 .input = &input});
  }
  return way;
}

}  // namespace delstep
