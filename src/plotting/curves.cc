#include "plotting/curves.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <set>
#include <utility>

#include "statistics/spread.h"

namespace delstep {
namespace {

const std::vector<MetricPoint>* Find(const RunMetrics& run, std::string_view metric) {
  const auto found = run.metrics.find(metric);
  return found == run.metrics.end() ? nullptr : &found->second;
}

/// What had been sent when a command ended; asked for in the order of the commands.
class BytesSent {
 public:
  explicit BytesSent(const RunMetrics& run) : points_(Find(run, "total_bytes")) {}
  double At(std::uint64_t step) {
    if (points_ == nullptr) return 0;
    while (next_ < points_->size() && (*points_)[next_].step <= step) ++next_;
    return next_ == 0 ? 0 : (*points_)[next_ - 1].value;
  }

 private:
  const std::vector<MetricPoint>* points_;
  std::size_t next_ = 0;
};

double Place(const MetricPoint& point, XAxis x, BytesSent& bytes) {
  switch (x) {
    case XAxis::kTime:
      return point.time;
    case XAxis::kCycle:
      return point.cycle;
    case XAxis::kBytes:
      return bytes.At(point.step);
    case XAxis::kStep:
      return static_cast<double>(point.step);
  }
  return 0;
}

/// The value that another series has at the same place, or `fallback`. Both are in the order
/// recorded, and the other one may lack some.
class Companion {
 public:
  Companion(const RunMetrics& run, const std::string& metric) : points_(Find(run, metric)) {}
  double At(const MetricPoint& point, double fallback) {
    if (points_ == nullptr) return fallback;
    const auto before = [&](const MetricPoint& p) {
      return std::pair(p.step, p.time) < std::pair(point.step, point.time);
    };
    while (next_ < points_->size() && before((*points_)[next_])) ++next_;
    if (next_ == points_->size() || (*points_)[next_].step != point.step) return fallback;
    return (*points_)[next_].value;
  }

 private:
  const std::vector<MetricPoint>* points_;
  std::size_t next_ = 0;
};

/// The names of the two series that bound the band, after the metric's own.
std::pair<std::string, std::string> Bounds(Band band) {
  if (band == Band::kPercentiles) return {"/p10", "/p90"};
  if (band == Band::kMinMax) return {"/min", "/max"};
  return {"", ""};
}

/// Ascending whatever comes: see CurveOfRun().
void Append(CurvePoints& curve, const CurvePoint& point) {
  while (!curve.empty() && curve.back().x >= point.x) curve.pop_back();
  curve.push_back(point);
}

/// On the straight lines between the points. Requires x between the first and the last one.
double ValueAt(const CurvePoints& curve, double x) {
  const auto after = std::ranges::lower_bound(curve, x, {}, &CurvePoint::x);
  assert(after != curve.end());
  if (after->x == x || after == curve.begin()) return after->value;
  const CurvePoint& before = *std::prev(after);
  const double share = (x - before.x) / (after->x - before.x);
  return before.value + share * (after->value - before.value);
}

CurvePoint PointOf(double x, const std::vector<double>& values, Band band) {
  const Spread spread = SpreadOf(values);
  CurvePoint point{.x = x, .value = spread.mean, .low = spread.mean, .high = spread.mean};
  if (band == Band::kPercentiles) {
    point.low = spread.p10;
    point.high = spread.p90;
  } else if (band == Band::kMinMax) {
    point.low = spread.min;
    point.high = spread.max;
  } else if (band == Band::kDeviation) {
    point.low = spread.mean - spread.std;
    point.high = spread.mean + spread.std;
  }
  return point;
}

}  // namespace

CurvePoints CurveOfRun(const RunMetrics& run, std::string_view metric, XAxis x, Band band) {
  const std::string name(metric);
  const std::vector<MetricPoint>* means = Find(run, name + "/mean");
  const bool has_spread = means != nullptr;
  if (!has_spread) means = Find(run, name);
  if (means == nullptr) return {};
  const auto [below, above] = Bounds(has_spread ? band : Band::kNone);
  Companion low(run, name + below), high(run, name + above);
  Companion deviation(run, name + "/std");
  BytesSent bytes(run);
  CurvePoints curve;
  for (const MetricPoint& mean : *means) {
    CurvePoint point{.x = Place(mean, x, bytes), .value = mean.value};
    if (has_spread && band == Band::kDeviation) {
      const double half = deviation.At(mean, 0);
      point.low = mean.value - half;
      point.high = mean.value + half;
    } else {
      point.low = low.At(mean, mean.value);
      point.high = high.At(mean, mean.value);
    }
    Append(curve, point);
  }
  return curve;
}

std::vector<std::string> MetricsOf(const RunMetrics& run) {
  std::set<std::string> names;
  for (const auto& [name, points] : run.metrics) names.insert(name.substr(0, name.find('/')));
  return {names.begin(), names.end()};
}

bool HasExtent(const RunMetrics& run, XAxis x) {
  BytesSent bytes(run);
  if (x == XAxis::kBytes) {
    const std::vector<MetricPoint>* sent = Find(run, "total_bytes");
    return sent != nullptr && sent->size() > 1;
  }
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (const auto& [name, points] : run.metrics)
    for (const MetricPoint& point : points) {
      least = std::min(least, Place(point, x, bytes));
      most = std::max(most, Place(point, x, bytes));
    }
  return least < most;
}

CurvePoints Combine(std::span<const CurvePoints> runs, Band band) {
  std::vector<const CurvePoints*> curves;
  for (const CurvePoints& run : runs)
    if (!run.empty()) curves.push_back(&run);
  if (curves.empty()) return {};
  if (curves.size() == 1) return *curves.front();
  double first = -std::numeric_limits<double>::infinity(), last = -first;
  std::set<double> places;
  for (const CurvePoints* curve : curves) {
    first = std::max(first, curve->front().x);
    last = std::min(last, curve->back().x);
    for (const CurvePoint& point : *curve) places.insert(point.x);
  }
  CurvePoints combined;
  for (const double x : places) {
    if (x < first || x > last) continue;
    std::vector<double> values;
    for (const CurvePoints* curve : curves) values.push_back(ValueAt(*curve, x));
    combined.push_back(PointOf(x, values, band));
  }
  return combined;
}

}  // namespace delstep
