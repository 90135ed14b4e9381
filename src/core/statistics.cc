#include "core/statistics.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "core/acts/labels.h"
#include "core/memory.h"
#include "math/elementary.h"
#include "statistics/spread.h"

namespace delstep {

// From the time of sending, not of arrival: a model ages on its way too.
std::optional<double> Staleness(const World& world, const Node& node) {
  const std::span<const Encounter> records = node.guestbook.records();
  if (records.empty()) return std::nullopt;
  double sum = 0;
  for (const Encounter& record : records) sum += Seconds(world.now - record.sent);
  return sum / static_cast<double>(records.size());
}

// Summed in double: a model has 10^4 to 10^7 squares, and floats would lose the small ones.
double Distance(const Row& a, const Row& b) {
  const auto x = a.view(), y = b.view();
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double difference = static_cast<double>(x[i]) - y[i];
    sum += difference * difference;
  }
  return std::sqrt(std::abs(sum));  // of infinite numbers it is none, whose sign nobody should read
}

std::vector<LabelCounts> CountLabels(const Run& run) {
  const Dataset& dataset = run.engine.data.dataset;
  std::vector<LabelCounts> all;
  for (const Node& node : run.world.nodes) {
    if (!node.present) continue;
    LabelCounts labels;
    labels.node = node.id;
    labels.counts.resize(static_cast<std::size_t>(dataset.classes));
    labels.changed = ChangedLabels(run, node);
    for (const std::uint32_t example : *node.training)
      ++labels.counts[static_cast<std::size_t>(TrainingData(run, node).labels[example])];
    for (const std::uint32_t example : *node.held_out)
      ++labels.counts[static_cast<std::size_t>(dataset.labels[example])];
    const auto total = static_cast<double>(node.training->size() + node.held_out->size());
    // Entropy in bits: 0 for one class, log2(classes) where all are equally frequent.
    for (const std::uint64_t count : labels.counts) {
      if (count == 0) continue;  // p log p tends to 0
      const double share = static_cast<double>(count) / total;
      labels.entropy -= share * Log(share) / 0.69314718055994531;
    }
    all.push_back(std::move(labels));
  }
  return all;
}

TrafficCounts CountTraffic(const World& world) {
  const Traffic& traffic = world.traffic;
  TrafficCounts counts;
  counts.sent = traffic.sent;
  counts.delivered = traffic.delivered;
  counts.lost = traffic.total_lost();
  counts.in_flight = world.in_flight.size() + world.waiting;
  counts.queued = world.outbox->size();
  counts.waiting = world.waiting;
  counts.bytes = traffic.bytes;
  // Every reason has a line, also with 0: tables and files keep their columns.
  for (std::size_t i = 0; i < kLossReasons; ++i) {
    const auto reason = static_cast<LossReason>(i);
    const auto found = traffic.lost.find(reason);
    counts.lost_by.emplace_back(reason, found == traffic.lost.end() ? 0 : found->second);
  }
  return counts;
}

LatencyFigures MeasureLatency(Run& run) {
  const std::vector<std::int64_t> nanoseconds = run.world.traffic.latency.Values();
  if (nanoseconds.empty()) return {};
  run.latencies_sorted += nanoseconds.size();
  std::vector<double> latencies(nanoseconds.begin(), nanoseconds.end());
  std::ranges::sort(latencies);
  return {.count = latencies.size(),
          .p50 = Percentile(latencies, 0.5) * 1e-9,
          .p90 = Percentile(latencies, 0.9) * 1e-9,
          .p99 = Percentile(latencies, 0.99) * 1e-9,
          .max = latencies.back() * 1e-9};
}

std::vector<ScopeAccuracy> MeasureAccuracies(const World& world) {
  // Nodes that were never tested have no accuracy; tests may be of different age.
  std::vector<std::pair<EvaluationScope, std::vector<double>>> values;
  for (const Node& node : world.nodes) {
    if (!node.present) continue;
    for (const Evaluated& test : node.last_tests) {
      auto found = std::ranges::find_if(
          values, [&](const auto& entry) { return entry.first == test.scope; });
      if (found == values.end()) found = values.insert(found, {test.scope, {}});
      found->second.push_back(test.accuracy);
    }
  }
  // In an order that does not depend on which node was tested first.
  std::ranges::sort(values, {}, [](const auto& entry) {
    return std::tuple(entry.first.kind, entry.first.group, entry.first.sample);
  });
  std::vector<ScopeAccuracy> accuracies;
  for (auto& [scope, of_nodes] : values)
    accuracies.push_back({.scope = scope,
                          .last = scope == world.last_scope,
                          .accuracy = SpreadOf(std::move(of_nodes))});
  return accuracies;
}

Statistics Measure(Run& run) {
  Statistics statistics;
  static_cast<TrafficCounts&>(statistics) = CountTraffic(run.world);
  statistics.latency = MeasureLatency(run);
  statistics.consensus_distance = run.consensus.Measure(run.world);
  statistics.accuracies = MeasureAccuracies(run.world);
  for (const ScopeAccuracy& each : statistics.accuracies)
    if (each.last) statistics.accuracy = each.accuracy;
  statistics.memory = MeasureMemory(run);
  return statistics;
}

}  // namespace delstep
