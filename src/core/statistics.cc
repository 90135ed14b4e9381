#include "core/statistics.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "core/acts/labels.h"
#include "core/acts/node_options.h"
#include "core/memory.h"
#include "math/elementary.h"
#include "statistics/spread.h"

namespace delstep {
namespace {

/// Feeds values of fixed layout into one running hash.
class Digest {
 public:
  void Add(std::uint64_t value) { hash_ = HashBytes(std::as_bytes(std::span(&value, 1)), hash_); }
  void Add(SimTime time) { Add(static_cast<std::uint64_t>(time.time_since_epoch().count())); }
  void Add(double value) { hash_ = HashBytes(std::as_bytes(std::span(&value, 1)), hash_); }
  void Add(const Row& row) {
    if (row.empty()) return Add(std::uint64_t{0});
    // Many nodes and messages share rows: each is hashed once.
    const auto [place, fresh] = rows_.try_emplace(row.identity(), 0);
    if (fresh) place->second = HashRow(row);
    Add(place->second);
  }
  void Add(const ModelMessage& message) {
    Add(static_cast<std::uint64_t>(message.header.id));
    Add(std::uint64_t{Index(message.header.from)});
    Add(std::uint64_t{Index(message.header.to)});
    Add(message.model.row);
    Add(message.model.samples);
    Add(message.sent);
    Add(message.arrived);
  }
  template <class Messages>
  void AddAll(const Messages& messages) {
    Add(std::uint64_t{messages.size()});
    for (const ModelMessage& message : messages) Add(message);
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0;
  std::unordered_map<const void*, std::uint64_t> rows_;
};

void AddNodeTo(Digest& digest, const Node& node) {
  digest.Add(std::uint64_t{node.address.value});
  digest.Add(std::uint64_t{node.present} << 1 | std::uint64_t{node.up});
  if (!node.present) return;
  digest.Add(node.model);
  digest.Add(node.state);
  digest.Add(node.rate);
  digest.Add(node.trained);
  digest.Add(node.gossips);
  // What most runs do without is left out while it is as at the beginning.
  if (node.compressions > 0) {
    for (const Row* row : {&node.known, &node.residual})
      if (!row->empty()) digest.Add(*row);
    digest.Add(node.compressions);
  }
  for (const auto& [key, value] : node.own_options) {
    digest.Add(HashText(key));
    digest.Add(value);
  }
  if (node.label_draws > 0) digest.Add(node.label_draws);
  if (node.own_labels)
    for (const std::uint32_t example : *node.training)
      digest.Add(static_cast<std::uint64_t>(node.own_labels->labels[example]));
  for (const NodeId neighbour : node.neighbours) digest.Add(std::uint64_t{Index(neighbour)});
  for (const Encounter& record : node.guestbook.records()) {
    digest.Add(std::uint64_t{Index(record.peer)});
    digest.Add(record.model.row);
    digest.Add(std::uint64_t{record.expiry});
  }
  digest.AddAll(node.waiting);
  digest.AddAll(node.inbox);
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

std::uint64_t HashRow(const Row& row) { return HashBytes(std::as_bytes(row.view())); }

std::uint64_t HashWorld(const World& world) {
  Digest digest;
  digest.Add(world.now);
  digest.Add(world.cycle);
  for (const Node& node : world.nodes) AddNodeTo(digest, node);
  for (const NodeGroup& group : world.groups) {
    digest.Add(HashText(group.name));
    for (const NodeId member : group.members) digest.Add(std::uint64_t{Index(member)});
  }
  digest.AddAll(world.outbox);
  // A hash map has no order to rely on.
  std::vector<ModelMessage> in_flight;
  for (const auto& [id, message] : world.in_flight) in_flight.push_back(message);
  std::ranges::sort(in_flight, {}, [](const ModelMessage& message) { return message.header.id; });
  digest.AddAll(in_flight);
  digest.Add(world.traffic.sent);
  digest.Add(world.traffic.delivered);
  digest.Add(world.traffic.total_lost());
  digest.Add(world.traffic.bytes);
  return digest.value();
}

std::uint64_t HashRun(const Run& run) {
  std::uint64_t hash = HashWorld(run.world);
  for (const Node& node : run.world.nodes) {
    if (!node.present || !KeepsAnchor(run, node)) continue;
    const std::uint64_t anchor = HashRow(node.anchor);
    hash = HashBytes(std::as_bytes(std::span(&anchor, 1)), hash);
  }
  return hash;
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
  counts.queued = world.outbox.size();
  counts.waiting = world.waiting;
  counts.bytes = traffic.bytes;
  // Every reason has a line, also with 0: tables and files keep their columns.
  for (const LossReason reason : {LossReason::kLoss, LossReason::kDown, LossReason::kExpired,
                                  LossReason::kUnreachable, LossReason::kDetached}) {
    const auto found = traffic.lost.find(reason);
    counts.lost_by.emplace_back(reason, found == traffic.lost.end() ? 0 : found->second);
  }
  return counts;
}

LatencyFigures MeasureLatency(Run& run) {
  const std::vector<std::int64_t>& nanoseconds = run.world.traffic.latency.nanoseconds;
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
  std::ranges::sort(
      values, {}, [](const auto& entry) { return std::pair(entry.first.kind, entry.first.group); });
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
