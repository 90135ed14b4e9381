#include "page/heat.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "recording/moment_json.h"

namespace delstep {
namespace {

// A value takes up to five characters, and `order` six per node.
constexpr std::size_t kBinsWithRange = 6'000, kMostHeatBins = 12'000, kMostOrder = 4'000;

/// The last test of each node, as `last_scope` has it; -1 where there was none.
std::vector<double> LastAccuracies(const MomentFacts& facts) {
  std::vector<double> accuracies;
  for (const NodeView& node : facts.nodes) {
    double accuracy = -1;
    for (const Evaluated& test : node.last_tests)
      if (facts.last_scope && test.scope == *facts.last_scope) accuracy = test.accuracy;
    accuracies.push_back(accuracy);
  }
  return accuracies;
}

std::string PairsJson(std::span<const std::pair<std::size_t, std::size_t>> pairs) {
  std::string json = "[";
  for (const auto& [first, last] : pairs)
    json += fmt::format("{}[{},{}]", json.size() > 1 ? "," : "", first, last);
  return json + ']';
}

/// Thousandths of the scale, row by row.
template <class Value>
std::string RowsJson(const HeatBins& heat, std::pair<double, double> scale, Value value) {
  const double width = scale.second > scale.first ? scale.second - scale.first : 1;
  std::string json = "[";
  for (std::size_t row = 0; row < heat.rows.size(); ++row) {
    json += row == 0 ? "[" : ",[";
    for (std::size_t column = 0; column < heat.columns.size(); ++column) {
      const HeatBin& bin = heat.bins[row * heat.columns.size() + column];
      if (column > 0) json += ',';
      json += bin.count == 0
                  ? "null"
                  : std::to_string(std::lround(1000 * (value(bin) - scale.first) / width));
    }
    json += ']';
  }
  return json + ']';
}

/// From 0 to the greatest value; accuracies from 0 to 1.
std::pair<double, double> ScaleOf(const HeatBins& heat, const std::string& metric) {
  if (metric.starts_with("test_acc")) return {0, 1};
  double most = 0;
  for (const HeatBin& bin : heat.bins)
    if (bin.count > 0) most = std::max(most, bin.max);
  return {0, most == 0 ? 1 : most};
}

/// What was counted in each column, out of counts since the start.
std::string ChangesJson(MomentWay way, const HeatBins& heat, std::uint64_t MomentSample::*counted) {
  std::string json = "[";
  for (const auto& [first, last] : heat.columns) {
    // Counts are since the start, and a way only goes forth.
    const std::uint64_t before = first == 0 ? 0 : (*way[first - 1]).*counted;
    const std::uint64_t after = (*way[last]).*counted;
    json += fmt::format("{}{}", json.size() > 1 ? "," : "", after - before);
  }
  return json + ']';
}

}  // namespace

void HeatBin::Add(double value) {
  min = count == 0 ? value : std::min(min, value);
  max = count == 0 ? value : std::max(max, value);
  sum += value;
  ++count;
}

std::vector<std::pair<std::size_t, std::size_t>> HeatParts(std::size_t count, std::size_t parts) {
  parts = std::min(count, std::max<std::size_t>(parts, 1));
  std::vector<std::pair<std::size_t, std::size_t>> ranges;
  for (std::size_t i = 0; i < parts; ++i)
    ranges.emplace_back(i * count / parts, (i + 1) * count / parts - 1);
  return ranges;
}

HeatBins BinHeat(MomentWay way, const std::string& metric, std::span<const std::size_t> order,
                 std::size_t columns, std::size_t rows) {
  HeatBins heat{
      .columns = HeatParts(way.size(), columns), .rows = HeatParts(order.size(), rows), .bins = {}};
  heat.bins.resize(heat.columns.size() * heat.rows.size());
  for (std::size_t column = 0; column < heat.columns.size(); ++column)
    for (std::size_t at = heat.columns[column].first; at <= heat.columns[column].second; ++at) {
      const auto* values = way[at]->Find(metric);
      if (values == nullptr) continue;
      for (std::size_t row = 0; row < heat.rows.size(); ++row)
        for (std::size_t place = heat.rows[row].first; place <= heat.rows[row].second; ++place) {
          const std::size_t node = order[place];
          if (node < values->size() && std::isfinite((*values)[node]))
            heat.bins[row * heat.columns.size() + column].Add((*values)[node]);
        }
    }
  return heat;
}

std::vector<std::size_t> HeatOrder(const std::string& sort, const MomentFacts& facts) {
  std::vector<std::size_t> places(facts.nodes.size());
  std::iota(places.begin(), places.end(), 0);
  if (sort == "accuracy") {
    const std::vector<double> accuracies = LastAccuracies(facts);
    std::ranges::stable_sort(places, std::ranges::greater(),
                             [&](std::size_t place) { return accuracies[place]; });
  }
  if (sort == "group") {
    std::map<std::string, std::size_t> ranks;
    for (const GroupView& group : facts.groups) ranks.emplace(group.name, ranks.size());
    std::ranges::stable_sort(places, {}, [&](std::size_t place) {
      const auto& groups = facts.nodes[place].groups;
      return groups.empty() ? ranks.size() : ranks[groups.front()];
    });
  }
  std::vector<std::size_t> order;
  for (const std::size_t place : places) order.push_back(Index(facts.nodes[place].node));
  return order;
}

std::string HeatJson(MomentWay way, const HeatQuestion& question,
                     std::span<const std::size_t> order) {
  if (order.size() > kMostOrder) order = order.first(kMostOrder);
  std::size_t columns = std::min(question.columns, way.size());
  std::size_t rows = std::min(question.rows, order.size());
  // The larger side gives way first: a picture that is wide stays wide.
  while (columns * rows > kMostHeatBins) (columns > 3 * rows ? columns : rows) -= 1;
  const HeatBins heat = BinHeat(way, question.metric, order, columns, rows);
  const auto scale = ScaleOf(heat, question.metric);
  std::vector<std::pair<std::size_t, std::size_t>> moments;
  for (const auto& [first, last] : heat.columns)
    moments.emplace_back(way[first]->number, way[last]->number);
  std::string nodes;
  for (const std::size_t node : order) nodes += fmt::format("{}{}", nodes.empty() ? "" : ",", node);
  const auto mean = [](const HeatBin& bin) { return bin.sum / static_cast<double>(bin.count); };
  const bool ranges = heat.bins.size() <= kBinsWithRange;
  return fmt::format(
      R"({{"metric":"{}","columns":{},"rows":{},"order":[{}],"scale":[{},{}],"mean":{},"min":{},)"
      R"("max":{},"sent":{},"lost":{}}})",
      question.metric, PairsJson(moments), PairsJson(heat.rows), nodes, RoundedJson(scale.first),
      RoundedJson(scale.second), RowsJson(heat, scale, mean),
      ranges ? RowsJson(heat, scale, [](const HeatBin& bin) { return bin.min; }) : "null",
      ranges ? RowsJson(heat, scale, [](const HeatBin& bin) { return bin.max; }) : "null",
      ChangesJson(way, heat, &MomentSample::sent), ChangesJson(way, heat, &MomentSample::lost));
}

}  // namespace delstep
