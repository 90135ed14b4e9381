#include "core/traffic_views.h"

#include <algorithm>
#include <map>

namespace delstep {
namespace {

LinkCounts CountsOf(const LinkTraffic& traffic) {
  LinkCounts counts;
  counts.sent = traffic.sent;
  counts.delivered = traffic.delivered;
  counts.bytes = traffic.bytes;
  for (std::size_t reason = 0; reason < kLossReasons; ++reason) {
    counts.lost_by.emplace_back(static_cast<LossReason>(reason), traffic.lost[reason]);
    counts.lost += traffic.lost[reason];
  }
  const LatencyCounts& latency = traffic.latency;
  counts.latency_mean = latency.mean();
  counts.latency_min = Seconds(latency.min());
  counts.latency_max = Seconds(latency.max());
  counts.latency_p50 = latency.Percentile(0.5);
  counts.latency_p90 = latency.Percentile(0.9);
  return counts;
}

}  // namespace

std::vector<LinkTrafficView> LinkTrafficOf(const World& world) {
  std::map<std::pair<NodeId, NodeId>, LinkTrafficView> views;  // ascending by (from, to)
  const auto view_of = [&](NodeId from, NodeId to) -> LinkTrafficView& {
    LinkTrafficView& view = views[{from, to}];
    view.from = from;
    view.to = to;
    return view;
  };
  world.traffic.links.ForEach([&](NodeId from, NodeId to, const LinkTraffic& traffic) {
    LinkTrafficView& view = view_of(from, to);
    view.counts = CountsOf(traffic);
    view.in_flight = view.counts.sent - view.counts.delivered - view.counts.lost;
  });
  for (const ModelMessage& message : *world.outbox) {
    LinkTrafficView& view = view_of(message.header.from, message.header.to);
    // A link that nothing was sent over yet still has a row for each reason.
    if (view.counts.lost_by.empty()) view.counts = CountsOf({});
    ++view.queued;
  }
  std::vector<LinkTrafficView> list;
  for (auto& [ends, view] : views) list.push_back(std::move(view));
  return list;
}

std::vector<NodeTrafficView> NodeTrafficOf(const World& world, std::span<const NodeId> nodes) {
  std::vector<LinkTraffic> out(world.nodes.size()), in(world.nodes.size());
  // Sums of doubles depend on their order, and a hash map has none of its own.
  std::map<std::pair<NodeId, NodeId>, const LinkTraffic*> links;
  world.traffic.links.ForEach([&](NodeId from, NodeId to, const LinkTraffic& traffic) {
    links[{from, to}] = &traffic;
  });
  for (const auto& [ends, traffic] : links) {
    out[Index(ends.first)].Add(*traffic);
    in[Index(ends.second)].Add(*traffic);
  }
  std::vector<NodeTrafficView> views;
  for (const NodeId id : nodes) {
    const Node& node = world.at(id);
    // What was lost on the way never reached the node.
    in[Index(id)].bytes = in[Index(id)].delivered_bytes;
    views.push_back({.node = id,
                     .out = CountsOf(out[Index(id)]),
                     .in = CountsOf(in[Index(id)]),
                     .queued = node.outbox,
                     .in_flight_to = node.in_flight_to,
                     .waiting = node.waiting->size(),
                     .inbox = node.inbox->size()});
  }
  return views;
}

}  // namespace delstep
