#include "recording/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/csv.h"
#include "base/text.h"
#include "statistics/spread.h"

namespace delstep {
namespace {

/// Writes rows that share the columns before `node`.
class RowWriter {
 public:
  /// `common` has what the rows share; `kept` is where they go as values too, or null.
  RowWriter(std::string prefix, std::string& out, MetricRow common, std::vector<MetricRow>* kept)
      : prefix_(std::move(prefix)), out_(out), row_(std::move(common)), kept_(kept) {}

  /// Full precision: figures are computed from it.
  void Write(std::string_view node, std::string_view group, std::string_view metric, double value) {
    Write(node, group, metric, ShortestReal(value));
    Keep(node, group, metric, value);
  }
  void WriteCount(std::string_view metric, std::uint64_t count) {
    Write("", "all", metric, std::to_string(count));
    Keep("", "all", metric, static_cast<double>(count));
  }
  void Write(std::string_view group, const std::string& metric, const Spread& spread) {
    const std::pair<const char*, double> figures[] = {{"/mean", spread.mean}, {"/std", spread.std},
                                                      {"/min", spread.min},   {"/max", spread.max},
                                                      {"/p10", spread.p10},   {"/p90", spread.p90}};
    for (const auto& [suffix, value] : figures) Write("", group, metric + suffix, value);
  }

 private:
  void Write(std::string_view node, std::string_view group, std::string_view metric,
             const std::string& value) {
    fmt::format_to(std::back_inserter(out_), "{},{},{},{},{}\n", prefix_, node, CsvField(group),
                   CsvField(metric), value);
  }
  void Keep(std::string_view node, std::string_view group, std::string_view metric, double value) {
    if (kept_ == nullptr) return;
    row_.node = node;
    row_.group = group;
    row_.metric = metric;
    row_.value = value;
    kept_->push_back(row_);
  }

  std::string prefix_;
  std::string& out_;
  MetricRow row_;
  std::vector<MetricRow>* kept_;
};

}  // namespace

void Metrics::Add(const std::string& metric, NodeId node, double value) {
  // In the order in which metrics came up in the command; a command has a handful of them.
  auto found = std::find_if(values_.begin(), values_.end(),
                            [&](const auto& entry) { return entry.first == metric; });
  if (found == values_.end()) found = values_.insert(values_.end(), {metric, {}});
  found->second[node] = value;
}

// What is measured by a command comes in events. What is measured at its end, from the simulation,
// is only marked here.
void Metrics::Learn(const Event& event) {
  if (const auto* trained = std::get_if<Trained>(&event.what)) {
    Add("train_loss", trained->node, trained->loss);
    models_changed_ = true;
  } else if (const auto* tested = std::get_if<Evaluated>(&event.what)) {
    const bool general = tested->scope.kind == EvaluationScope::Kind::kGeneral;
    const std::string suffix = general ? "" : ":" + Name(tested->scope);
    Add("test_loss" + suffix, tested->node, tested->loss);
    Add("test_acc" + suffix, tested->node, tested->accuracy);
    tested_[tested->node] = event.at;
  } else if (const auto* aggregated = std::get_if<Aggregated>(&event.what)) {
    // An aggregation with nobody has moved no model, so the distances are as before.
    models_changed_ |= aggregated->changed;
  } else if (std::holds_alternative<NodeAdded>(event.what) ||
             std::holds_alternative<NodeRemoved>(event.what)) {
    models_changed_ = true;
  } else if (std::holds_alternative<Sent>(event.what) || std::holds_alternative<Lost>(event.what) ||
             std::holds_alternative<Delivered>(event.what)) {
    traffic_changed_ = true;
  } else if (std::holds_alternative<Restored>(event.what)) {
    models_changed_ = traffic_changed_ = true;
  }
}

/// A test changes no guestbook, so the records are still those of the test; the clock may have gone
/// on since (autonet).
void Metrics::AddStaleness(const Simulation& simulation) {
  for (const auto& [node, at] : tested_)
    if (const auto staleness = simulation.View(node).staleness)
      Add("staleness", node, *staleness - Seconds(simulation.now() - at));
  tested_.clear();
}

std::string Metrics::EndPart(const Simulation& simulation, std::uint64_t cycle,
                             const AddressBook& addresses) {
  // Before the rows: it adds a metric of its own.
  AddStaleness(simulation);
  std::string out;
  const double now = Seconds(simulation.now());
  MetricRow common;
  common.step = step_;
  common.sim_time = now;
  RowWriter rows(fmt::format("{},{},{},{}", CsvField(run_), step_, cycle, ShortestReal(now)), out,
                 std::move(common), keeps_rows_ ? &rows_ : nullptr);
  for (const auto& [metric, values] : values_) {
    std::vector<double> all;
    for (const auto& [node, value] : values) {
      rows.Write(addresses[node], "", metric, value);
      all.push_back(value);
    }
    // Over the nodes that this command has measured, not over all.
    rows.Write("all", metric, SpreadOf(all));
    for (const GroupView& group : simulation.Groups()) {
      std::vector<double> members;
      for (const NodeId node : group.members)
        if (const auto found = values.find(node); found != values.end())
          members.push_back(found->second);
      if (!members.empty()) rows.Write(group.name, metric, SpreadOf(members));
    }
  }
  // Figure by figure, never all of Stats(): a command must cost the same late in a run as early.
  if (models_changed_) rows.Write("", "all", "consensus_distance", simulation.ConsensusDistance());
  if (traffic_changed_) {
    const TrafficCounts traffic = simulation.Traffic();
    const std::pair<const char*, std::uint64_t> counts[] = {{"total_bytes", traffic.bytes},
                                                            {"messages", traffic.sent},
                                                            {"delivered", traffic.delivered},
                                                            {"drops", traffic.lost},
                                                            {"in_flight", traffic.in_flight}};
    for (const auto& [metric, value] : counts) rows.WriteCount(metric, value);
  }
  // The next command begins without values: what it does not measure it does not repeat.
  values_.clear();
  models_changed_ = traffic_changed_ = false;
  return out;
}

std::string Metrics::EndCommand(const Simulation& simulation, std::uint64_t cycle,
                                const AddressBook& addresses) {
  std::string rows = EndPart(simulation, cycle, addresses);
  ++step_;
  return rows;
}

}  // namespace delstep
