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
