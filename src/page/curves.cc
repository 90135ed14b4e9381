#include "page/curves.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <utility>

#include "base/json.h"
#include "math/elementary.h"
#include "recording/moment_json.h"
#include "statistics/spread.h"

namespace delstep {
namespace {

constexpr std::size_t kBins = 30, kMomentsInHistogram = 8;

template <class Range, class Print>
std::string CurveList(const Range& range, Print print) {
  std::string list = "[";
  for (const auto& item : range) {
    if (list.size() > 1) list += ',';
    list += print(*item);
  }
  return list + ']';
}

std::vector<double> ValuesOf(const MomentSample& sample, const std::string& metric) {
  std::vector<double> values;
  if (const auto* column = sample.Find(metric))
    for (const float value : *column)
      if (std::isfinite(value)) values.push_back(value);
  return values;
}

using WayList = std::vector<std::shared_ptr<const MomentSample>>;

/// One list per node of what it had at each moment.
std::string NodeCurves(const WayList& way, const std::string& metric, std::size_t nodes_ever) {
  std::string json = "[";
  for (std::size_t node = 0; node < nodes_ever; ++node) {
    if (node > 0) json += ',';
    json += CurveList(way, [&](const MomentSample& sample) {
      const auto* column = sample.Find(metric);
      return column != nullptr && node < column->size() ? RoundedJson((*column)[node])
                                                        : std::string("null");
    });
  }
  return json + ']';
}

/// Of accuracy the loss of the same test, and the other way round; else the metric itself. Both come
/// of one test, and where one of them stays as it was (all examples right again) the other tells.
std::string PartnerOf(const std::string& metric) {
  constexpr std::string_view kAccuracy = "test_acc", kLoss = "test_loss";
  if (metric.starts_with(kAccuracy)) return std::string(kLoss) + metric.substr(kAccuracy.size());
  if (metric.starts_with(kLoss)) return std::string(kAccuracy) + metric.substr(kLoss.size());
  return metric;
}

/// Whether some node has another value than at the moment before (null: the start). One that has
/// come has none yet, and one that has left measures nothing.
bool IsNewIn(const MomentSample& sample, const MomentSample* before, const std::string& metric) {
  const auto* now = sample.Find(metric);
  const auto* then = before == nullptr ? nullptr : before->Find(metric);
  if (now == nullptr || now == then)
    return false;  // most moments share the column of the one before
  for (std::size_t node = 0; node < now->size(); ++node) {
    const bool had = then != nullptr && node < then->size() && !std::isnan((*then)[node]);
    if (!std::isnan((*now)[node]) && (!had || (*then)[node] != (*now)[node])) return true;
  }
  return false;
}

/// Per point of `way`, which is `whole` thinned: 1, if one of the moments since the point before has
/// new values.
std::string NewValues(MomentWay whole, const WayList& way, const std::string& metric) {
  const std::string partner = PartnerOf(metric);
  std::string json = "[";
  bool is_new = false;
  for (std::size_t i = 0, point = 0; i < whole.size() && point < way.size(); ++i) {
    const MomentSample* before = i == 0 ? nullptr : whole[i - 1].get();
    is_new = is_new || IsNewIn(*whole[i], before, metric) || IsNewIn(*whole[i], before, partner);
    if (whole[i] != way[point]) continue;
    json += fmt::format("{}{:d}", point == 0 ? "" : ",", std::exchange(is_new, false));
    ++point;
  }
  return json + ']';
}

/// The members of a metric's object.
std::string MetricCurve(const WayList& way, const std::string& metric, std::size_t nodes_ever) {
  std::vector<Spread> spreads;
  for (const auto& sample : way) spreads.push_back(SpreadOf(ValuesOf(*sample, metric)));
  std::string json = "\"count\":[";
  for (std::size_t i = 0; i < spreads.size(); ++i)
    json += fmt::format("{}{}", i == 0 ? "" : ",", spreads[i].count);
  json += ']';
  const auto add = [&](std::string_view name, double Spread::*member) {
    json += fmt::format(R"(,"{}":[)", name);
    for (std::size_t i = 0; i < spreads.size(); ++i) {
      if (i > 0) json += ',';
      json += spreads[i].count == 0 ? "null" : RoundedJson(spreads[i].*member);
    }
    json += ']';
  };
  add("mean", &Spread::mean);
  add("std", &Spread::std);
  add("min", &Spread::min);
  add("max", &Spread::max);
  add("p10", &Spread::p10);
  add("p90", &Spread::p90);
  if (nodes_ever <= kNodesWithCurves)
    json += fmt::format(R"(,"nodes":{})", NodeCurves(way, metric, nodes_ever));
  return json;
}

}  // namespace

std::vector<std::shared_ptr<const MomentSample>> Thinned(MomentWay way, std::size_t points) {
  points = std::max<std::size_t>(points, 2);
  if (way.size() <= points) return {way.begin(), way.end()};
  std::vector<std::shared_ptr<const MomentSample>> thin;
  for (std::size_t i = 0; i < points; ++i) thin.push_back(way[i * (way.size() - 1) / (points - 1)]);
  return thin;
}

std::string CurvesJson(MomentWay whole, std::size_t points, std::size_t nodes_ever) {
  const WayList way = Thinned(whole, points);
  const auto numbers = [&](auto value) {
    return CurveList(way,
                     [&](const MomentSample& sample) { return std::to_string(value(sample)); });
  };
  std::set<std::string> metrics;
  for (const auto& sample : way)
    for (const auto& [metric, column] : sample->columns) metrics.insert(metric);
  std::string json = fmt::format(
      R"({{"moment":{},"t":{},"bytes":{},"cycle":{},"metrics":{{)",
      numbers([](const MomentSample& sample) { return sample.number; }),
      numbers([](const MomentSample& sample) { return sample.at.time_since_epoch().count(); }),
      numbers([](const MomentSample& sample) { return sample.bytes; }),
      numbers([](const MomentSample& sample) { return sample.cycle; }));
  for (const std::string& metric : metrics)
    json += fmt::format(R"({}:{{"tested":{},{}}},)", JsonString(metric),
                        NewValues(whole, way, metric), MetricCurve(way, metric, nodes_ever));
  json += fmt::format(
      R"("consensus_distance":{{"value":{}}}}}}})", CurveList(way, [](const MomentSample& sample) {
        return sample.consensus ? RoundedJson(*sample.consensus) : std::string("null");
      }));
  return json;
}

std::string ConsensusJson(MomentWay way) {
  WayList known;
  for (const auto& sample : way)
    if (sample->Find("distance") != nullptr) known.push_back(sample);
  if (known.size() > kMomentsInHistogram)
    known.erase(known.begin(), known.end() - kMomentsInHistogram);
  // The scale is one for all of them. Distances of 0, where all models are equal, are in the first
  // bin.
  double least = 0, most = 0;
  for (const auto& sample : known)
    for (const double distance : ValuesOf(*sample, "distance")) {
      if (distance <= 0) continue;
      least = least == 0 ? distance : std::min(least, distance);
      most = std::max(most, distance);
    }
  if (most == 0) least = most = 1;
  if (least == most) least = most / 10;
  const double width = Log(most / least) / kBins;
  std::string json = "{\"bins\":[";
  for (std::size_t i = 0; i <= kBins; ++i)
    json += fmt::format("{}{:.4g}", i == 0 ? "" : ",", least * Exp(width * static_cast<double>(i)));
  json += "],\"moments\":";
  json += CurveList(known, [&](const MomentSample& sample) {
    const std::vector<double> distances = ValuesOf(sample, "distance");
    std::array<std::size_t, kBins> counts{};
    for (const double distance : distances) {
      const double place = distance <= least ? 0 : Log(distance / least) / width;
      ++counts[std::min(static_cast<std::size_t>(place), kBins - 1)];
    }
    std::string list;
    for (std::size_t i = 0; i < kBins; ++i)
      list += fmt::format("{}{}", i == 0 ? "" : ",", counts[i]);
    const Spread spread = SpreadOf(distances);
    return fmt::format(R"({{"moment":{},"counts":[{}],"median":{},"p90":{}}})", sample.number, list,
                       RoundedJson(spread.p50), RoundedJson(spread.p90));
  });
  return json + '}';
}

}  // namespace delstep
