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
  std::map<std::pair<NodeId, NodeId>, std::size_t> queued;
  world.outbox->ForEach([&](const ModelMessage& message) {
    ++queued[{message.header.from, message.header.to}];
  });
  std::vector<LinkTrafficView> views;
  const auto add = [&](NodeId from, NodeId to, const LinkTraffic& traffic, std::size_t waits) {
    LinkTrafficView& view = views.emplace_back();
    view.from = from;
    view.to = to;
    view.counts = CountsOf(traffic);
    view.in_flight = view.counts.sent - view.counts.delivered - view.counts.lost;
    view.queued = waits;
  };
  // Both are ascending by (from, to): one pass merges them.
  auto next = queued.begin();
  const auto add_queued_before = [&](std::pair<NodeId, NodeId> ends) {
    for (; next != queued.end() && next->first < ends; ++next)
      add(next->first.first, next->first.second, {}, next->second);
  };
  world.traffic.links.ForEach([&](NodeId from, NodeId to, const LinkTraffic& traffic) {
    const std::pair ends(from, to);
    add_queued_before(ends);
    const bool waits = next != queued.end() && next->first == ends;
    add(from, to, traffic, waits ? (next++)->second : 0);
  });
  for (; next != queued.end(); ++next) add(next->first.first, next->first.second, {}, next->second);
  return views;
}

std::vector<NodeTrafficView> NodeTrafficOf(const World& world, std::span<const NodeId> nodes) {
  std::vector<LinkTraffic> out(world.nodes.size()), in(world.nodes.size());
  world.traffic.links.ForEach([&](NodeId from, NodeId to, const LinkTraffic& traffic) {
    out[Index(from)].Add(traffic);
    in[Index(to)].Add(traffic);
  });
  std::vector<NodeTrafficView> views;
  for (const NodeId id : nodes) {
    const Node& node = world.at(id);
    // What was lost on the way never reached the node.
    in[Index(id)].bytes = in[Index(id)].delivered_bytes;
    views.push_back({.node = id,
                     .out = CountsOf(out[Index(id)]),
                     .in = CountsOf(in[Index(id)]),
                     .queued = world.mail.Of(id).outbox,
                     .in_flight_to = world.mail.Of(id).in_flight_to,
                     .waiting = node.waiting->size(),
                     .inbox = node.inbox->size()});
  }
  return views;
}

}  // namespace delstep
