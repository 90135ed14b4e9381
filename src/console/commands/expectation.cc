#include "console/commands/expectation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/text.h"
#include "statistics/spread.h"

namespace delstep {
namespace {

using NodeMetric = std::optional<double> (*)(const NodeView&);
struct NodeMetricRow {
  std::string_view name;
  NodeMetric value;
};
const std::array kNodeMetrics = {
    NodeMetricRow{"test_acc",
                  [](const NodeView& view) -> std::optional<double> {
                    if (!view.last_evaluated) return std::nullopt;
                    return view.last_evaluated->accuracy;
                  }},
    NodeMetricRow{"test_loss",
                  [](const NodeView& view) -> std::optional<double> {
                    if (!view.last_evaluated) return std::nullopt;
                    return view.last_evaluated->loss;
                  }},
    NodeMetricRow{"train_loss",
                  [](const NodeView& view) -> std::optional<double> {
                    if (!view.last_trained) return std::nullopt;
                    return view.last_trained->loss;
                  }},
};

struct RunMetricRow {
  std::string_view name;
  double (*value)(const Simulation&);
};
const std::array kRunMetrics = {
    RunMetricRow{"consensus_distance",
                 [](const Simulation& s) { return s.Stats().consensus_distance; }},
    RunMetricRow{"sent", [](const Simulation& s) { return static_cast<double>(s.Stats().sent); }},
    RunMetricRow{"delivered",
                 [](const Simulation& s) { return static_cast<double>(s.Stats().delivered); }},
    RunMetricRow{"lost", [](const Simulation& s) { return static_cast<double>(s.Stats().lost); }},
    RunMetricRow{"in_flight",
                 [](const Simulation& s) { return static_cast<double>(s.in_flight()); }},
    RunMetricRow{"bytes", [](const Simulation& s) { return static_cast<double>(s.Stats().bytes); }},
    RunMetricRow{"cycle", [](const Simulation& s) { return static_cast<double>(s.cycle()); }},
    RunMetricRow{"sim_time", [](const Simulation& s) { return Seconds(s.now()); }},
    RunMetricRow{"nodes",
                 [](const Simulation& s) { return static_cast<double>(s.Nodes().size()); }},
};

struct StatisticRow {
  std::string_view name;
  double Spread::*value;
};
constexpr std::array kStatistics = {
    StatisticRow{"mean", &Spread::mean}, StatisticRow{"min", &Spread::min},
    StatisticRow{"max", &Spread::max},   StatisticRow{"std", &Spread::std},
    StatisticRow{"p10", &Spread::p10},   StatisticRow{"p90", &Spread::p90},
};

template <class Rows>
auto FindRow(const Rows& rows, std::string_view name) {
  const auto found = std::ranges::find(rows, name, [](const auto& row) { return row.name; });
  return found == rows.end() ? nullptr : &*found;
}

template <class Rows>
void AddNames(const Rows& rows, std::vector<std::string>& names) {
  for (const auto& row : rows) names.emplace_back(row.name);
}

Error Unknown(std::string_view kind, std::string_view word, const std::vector<std::string>& known) {
  std::string hint = DidYouMean(word, known);
  if (hint.empty()) hint = "choose one of: " + Join(known, ", ");
  return UsageError(fmt::format("no {} named '{}'", kind, word), std::move(hint));
}

struct OperatorRow {
  std::string_view text;
  Expectation::Operator op;
};
// Longer ones first.
constexpr std::array kOperators = {OperatorRow{"<=", Expectation::Operator::kLessEqual},
                                   OperatorRow{">=", Expectation::Operator::kGreaterEqual},
                                   OperatorRow{"==", Expectation::Operator::kEqual},
                                   OperatorRow{"!=", Expectation::Operator::kNotEqual},
                                   OperatorRow{"<", Expectation::Operator::kLess},
                                   OperatorRow{">", Expectation::Operator::kGreater}};

Result<void> CheckNames(Expectation& e) {
  if (FindRow(kRunMetrics, e.metric)) {
    if (e.statistic.empty()) return {};
    return UsageError(fmt::format("{} is one number and has no {}", e.metric, e.statistic),
                      "leave the brackets out");
  }
  if (!FindRow(kNodeMetrics, e.metric)) {
    std::vector<std::string> known;
    AddNames(kNodeMetrics, known);
    AddNames(kRunMetrics, known);
    return Unknown("metric", e.metric, known);
  }
  if (e.statistic.empty()) e.statistic = "mean";
  e.what = fmt::format("{}({})", e.metric, e.statistic);
  if (FindRow(kStatistics, e.statistic)) return {};
  std::vector<std::string> known;
  AddNames(kStatistics, known);
  return Unknown("statistic", e.statistic, known);
}

}  // namespace

Result<Expectation> ParseExpectation(std::string_view text) {
  const std::size_t at = text.find_first_of("<>=!");
  const auto* op = at == std::string_view::npos ? nullptr : [&] {
    const auto found = std::ranges::find_if(
        kOperators, [&](const OperatorRow& row) { return text.substr(at).starts_with(row.text); });
    return found == kOperators.end() ? nullptr : &*found;
  }();
  if (!op)
    return UsageError(fmt::format("'{}' compares nothing", text),
                      "for example: expect test_acc(mean) > 0.9; operators are < <= > >= == !=");
  Expectation e;
  e.text = text;
  e.op = op->op;
  const std::string_view bound = Trim(text.substr(at + op->text.size()));
  const auto number = ParseReal(bound);
  if (!number) return UsageError(fmt::format("'{}' is not a number", bound));
  e.bound = *number;
  e.metric = Trim(text.substr(0, at));
  if (const auto open = e.metric.find('('); open != std::string::npos && e.metric.ends_with(')')) {
    e.statistic = Trim(std::string_view(e.metric).substr(open + 1, e.metric.size() - open - 2));
    e.metric = Trim(std::string_view(e.metric).substr(0, open));
  }
  e.what = e.metric;
  DELSTEP_TRY(CheckNames(e));
  return e;
}

Result<double> Measure(const Expectation& e, const Simulation& simulation) {
  if (const auto* row = FindRow(kRunMetrics, e.metric)) return row->value(simulation);
  const auto* row = FindRow(kNodeMetrics, e.metric);
  std::vector<double> values;
  for (const NodeId node : simulation.Nodes())
    if (const auto value = row->value(simulation.View(node))) values.push_back(*value);
  if (values.empty())
    return Refused(fmt::format("no node has a {} yet", e.metric),
                   e.metric == "train_loss" ? "train first" : "test first");
  return SpreadOf(std::move(values)).*FindRow(kStatistics, e.statistic)->value;
}

bool Holds(const Expectation& e, double measured) {
  switch (e.op) {
    case Expectation::Operator::kLess:
      return measured < e.bound;
    case Expectation::Operator::kLessEqual:
      return measured <= e.bound;
    case Expectation::Operator::kGreater:
      return measured > e.bound;
    case Expectation::Operator::kGreaterEqual:
      return measured >= e.bound;
    case Expectation::Operator::kEqual:
      return measured == e.bound;
    case Expectation::Operator::kNotEqual:
      break;
  }
  return measured != e.bound;
}

}  // namespace delstep
