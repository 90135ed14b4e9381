#include "core/statistics.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <vector>

#include "core/acts/labels.h"
#include "core/memory.h"
#include "math/elementary.h"
#include "statistics/spread.h"

namespace delstep {
namespace {

/// (1/N) sum over the nodes of |theta_i - mean|^2 (Koloskova et al. 2019): 0 where all agree.
double ConsensusDistance(const World& world) {
  std::vector<double> mean;  // of each number of the model
  std::size_t count = 0;
  for (const Node& node : world.nodes) {
    if (!node.present) continue;
    const auto row = node.model.view();
    mean.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) mean[i] += row[i];
    ++count;
  }
  if (count == 0) return 0;
  for (double& value : mean) value /= static_cast<double>(count);
  // Nodes that share a row are as far away as each other.
  std::unordered_map<const void*, double> known;
  double total = 0;
  for (const Node& node : world.nodes) {
    if (!node.present) continue;
    const auto [place, fresh] = known.try_emplace(node.model.identity(), 0);
    if (fresh) {
      const auto row = node.model.view();
      for (std::size_t i = 0; i < row.size(); ++i)
        place->second += (row[i] - mean[i]) * (row[i] - mean[i]);
    }
    total += place->second;
  }
  return total / static_cast<double>(count);
}

}  // namespace

std::optional<double> Staleness(const World& world, const Node& node) {
  const std::span<const Encounter> records = node.guestbook.records();
  if (records.empty()) return std::nullopt;
  double sum = 0;
  for (const Encounter& record : records) sum += Seconds(world.now - record.sent);
  return sum / static_cast<double>(records.size());
}

double Distance(const Row& a, const Row& b) {
  const auto x = a.view(), y = b.view();
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double difference = static_cast<double>(x[i]) - y[i];
    sum += difference * difference;
  }
  return std::sqrt(sum);
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

Statistics Measure(const Run& run) {
  const World& world = run.world;
  const Traffic& traffic = world.traffic;
  Statistics statistics;
  statistics.sent = traffic.sent;
  statistics.delivered = traffic.delivered;
  statistics.lost = traffic.total_lost();
  statistics.in_flight = world.in_flight.size() + world.waiting;
  statistics.queued = world.outbox.size();
  statistics.waiting = world.waiting;
  statistics.bytes = traffic.bytes;
  // Every reason has a line, also with 0: tables and files keep their columns.
  for (const LossReason reason : {LossReason::kLoss, LossReason::kDown, LossReason::kExpired,
                                  LossReason::kUnreachable, LossReason::kDetached}) {
    const auto found = traffic.lost.find(reason);
    statistics.lost_by.emplace_back(reason, found == traffic.lost.end() ? 0 : found->second);
  }
  const std::vector<std::int64_t>& nanoseconds = traffic.latency.nanoseconds;
  std::vector<double> latencies(nanoseconds.begin(), nanoseconds.end());
  statistics.latency_count = latencies.size();
  if (!latencies.empty()) {
    std::ranges::sort(latencies);
    statistics.latency_p50 = Percentile(latencies, 0.5) * 1e-9;
    statistics.latency_p90 = Percentile(latencies, 0.9) * 1e-9;
    statistics.latency_p99 = Percentile(latencies, 0.99) * 1e-9;
    statistics.latency_max = latencies.back() * 1e-9;
  }
  statistics.consensus_distance = ConsensusDistance(world);
  // Nodes that were never tested have no accuracy; tests may be of different age.
  std::vector<double> accuracies;
  for (const Node& node : world.nodes)
    if (node.present && node.last_evaluated) accuracies.push_back(node.last_evaluated->accuracy);
  statistics.accuracy = SpreadOf(std::move(accuracies));
  statistics.memory = MeasureMemory(run);
  return statistics;
}

}  // namespace delstep
