#include "page/moment_samples.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace delstep {
namespace {

constexpr float kNoValue = std::numeric_limits<float>::quiet_NaN();

/// Columns while they are filled in.
class ColumnsOf {
 public:
  explicit ColumnsOf(std::size_t nodes) : nodes_(nodes) {}
  void Set(const std::string& metric, NodeId node, double value) {
    auto& column = columns_.try_emplace(metric, nodes_, kNoValue).first->second;
    column[Index(node)] = static_cast<float>(value);
  }
  std::map<std::string, SampleColumn> Take() {
    std::map<std::string, SampleColumn> taken;
    for (auto& [metric, column] : columns_)
      taken[metric] = std::make_shared<const std::vector<float>>(std::move(column));
    return taken;
  }

 private:
  std::size_t nodes_;
  std::map<std::string, std::vector<float>> columns_;
};

/// Bit for bit: NaN is equal to itself here.
bool SameNumbers(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

}  // namespace

const std::vector<float>* MomentSample::Find(const std::string& metric) const {
  const auto found = columns.find(metric);
  return found == columns.end() ? nullptr : found->second.get();
}

std::string TestMetric(std::string_view metric, const std::string& scope) {
  return scope == "general" ? std::string(metric) : std::string(metric) + ':' + scope;
}

MomentSample SampleOf(const MomentFacts& facts, std::span<const double> distances) {
  MomentSample sample{.at = facts.now,
                      .cycle = facts.cycle,
                      .bytes = facts.traffic.bytes,
                      .sent = facts.traffic.sent,
                      .lost = facts.traffic.lost};
  ColumnsOf columns(facts.nodes_ever);
  for (const NodeView& node : facts.nodes) {
    for (const Evaluated& test : node.last_tests) {
      columns.Set(TestMetric("test_acc", Name(test.scope)), node.node, test.accuracy);
      columns.Set(TestMetric("test_loss", Name(test.scope)), node.node, test.loss);
    }
    if (node.last_trained) columns.Set("train_loss", node.node, node.last_trained->loss);
    if (node.staleness) columns.Set("staleness", node.node, *node.staleness);
  }
  if (!distances.empty() && distances.size() == facts.nodes.size()) {
    double squares = 0;
    for (std::size_t i = 0; i < distances.size(); ++i) {
      columns.Set("distance", facts.nodes[i].node, distances[i]);
      squares += distances[i] * distances[i];
    }
    sample.consensus = squares / static_cast<double>(distances.size());
  }
  sample.columns = columns.Take();
  if (facts.last_scope) sample.last_scope = Name(*facts.last_scope);
  return sample;
}

void MomentSamples::Share(MomentSample& sample, std::optional<MomentNumber> parent,
                          std::size_t& bytes) const {
  // A command changes few columns: the tests of one scope, or the losses of who trained.
  bytes = sizeof(MomentSample);
  const auto before = parent ? kept_.find(*parent) : kept_.end();
  for (auto& [metric, column] : sample.columns) {
    const auto* shared = before == kept_.end() ? nullptr : &before->second.sample->columns;
    const auto old = shared ? shared->find(metric) : decltype(shared->find(metric))();
    if (shared && old != shared->end() && SameNumbers(*old->second, *column))
      column = old->second;
    else
      bytes += column->size() * sizeof(float);
  }
}

void MomentSamples::Put(MomentSample sample, MomentNumber number,
                        std::optional<MomentNumber> parent) {
  const std::lock_guard lock(mutex_);
  sample.number = number;
  std::size_t bytes = 0;
  Share(sample, parent, bytes);
  parents_[number] = parent;
  Kept& kept = kept_[number];
  bytes_ = bytes_ - kept.bytes + bytes;
  kept = {.sample = std::make_shared<const MomentSample>(std::move(sample)), .bytes = bytes};
  while (bytes_ > most_bytes_ && kept_.size() > 1) {
    bytes_ -= kept_.begin()->second.bytes;
    kept_.erase(kept_.begin());
  }
}

std::shared_ptr<const MomentSample> MomentSamples::Find(MomentNumber number) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(number);
  return found == kept_.end() ? nullptr : found->second.sample;
}

std::size_t MomentSamples::size() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

std::vector<std::shared_ptr<const MomentSample>> MomentSamples::Way(MomentNumber to) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<const MomentSample>> way;
  for (std::optional<MomentNumber> at = to; at;) {
    if (const auto found = kept_.find(*at); found != kept_.end())
      way.push_back(found->second.sample);
    const auto parent = parents_.find(*at);
    // Numbers fall on the way back, so it has an end.
    at = parent == parents_.end() ? std::nullopt : parent->second;
  }
  std::ranges::reverse(way);
  return way;
}

}  // namespace delstep
