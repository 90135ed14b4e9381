#include "plotting/figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/csv.h"
#include "base/text.h"

namespace delstep {
namespace {

/// More points than a picture has columns of pixels only make its file large.
constexpr std::size_t kMostPoints = 800;
/// With more changes of contacts than this, their means over that many parts of the time are drawn.
constexpr std::size_t kMostChanges = 300;

/// A unit to write the largest value in.
struct Unit {
  std::string name;
  double scale;
};

Unit UnitOfTime(double most) {
  if (most >= 2 * 86400.) return {"d", 1 / 86400.};
  if (most >= 2 * 3600.) return {"h", 1 / 3600.};
  if (most >= 1 || most == 0) return {"s", 1};
  if (most >= 1e-3) return {"ms", 1e3};
  return {"µs", 1e6};
}

Unit UnitOfBytes(double most) {
  if (most >= 1e9) return {"GB", 1e-9};
  if (most >= 1e6) return {"MB", 1e-6};
  if (most >= 1e3) return {"kB", 1e-3};
  return {"B", 1};
}

double MostX(const std::vector<Panel>& panels) {
  double most = 0;
  for (const Panel& panel : panels)
    for (const Curve& curve : panel.curves) most = std::max(most, curve.points.back().x);
  return most;
}

void LabelX(Figure& figure) {
  const double most = MostX(figure.panels);
  if (figure.x == XAxis::kCycle) figure.x_label = "Cycle";
  if (figure.x == XAxis::kStep) figure.x_label = "Command";
  if (figure.x == XAxis::kTime) {
    const Unit unit = UnitOfTime(most);
    figure.x_label = fmt::format("Simulated time ({})", unit.name);
    figure.x_scale = unit.scale;
  }
  if (figure.x == XAxis::kBytes) {
    const Unit unit = UnitOfBytes(most);
    figure.x_label = fmt::format("Sent by all nodes together ({})", unit.name);
    figure.x_scale = unit.scale;
  }
}

/// "test_acc:group g1" is the accuracy of a scope.
void LabelY(Panel& panel) {
  const auto colon = panel.metric.find(':');
  const std::string name = panel.metric.substr(0, colon);
  const std::string scope =
      colon == std::string::npos ? "" : fmt::format(", {}", panel.metric.substr(colon + 1));
  double most = 0;
  for (const Curve& curve : panel.curves)
    for (const CurvePoint& point : curve.points) most = std::max(most, point.high);
  if (name == "test_acc") panel.label = fmt::format("Test accuracy{}", scope);
  if (name == "test_loss") panel.label = fmt::format("Test loss{} (nats)", scope);
  if (name == "train_loss") panel.label = "Training loss (nats)";
  if (name == "consensus_distance") panel.label = "Consensus distance";
  if (name == "staleness") panel.label = "Staleness (s)";
  if (name == kContacts) panel.label = "Contacts at once";
  if (name == "total_bytes") {
    const Unit unit = UnitOfBytes(most);
    panel.label = fmt::format("Sent ({})", unit.name);
    panel.scale = unit.scale;
  }
  if (panel.label.empty()) panel.label = panel.metric;
}

/// Distances fall by orders of magnitude as nodes agree.
bool WantsLogScale(const Panel& panel) {
  if (panel.metric != "consensus_distance") return false;
  double least = INFINITY, most = 0;
  for (const Curve& curve : panel.curves)
    for (const CurvePoint& point : curve.points) {
      least = std::min(least, point.low);
      most = std::max(most, point.high);
    }
  return least > 0 && most > 30 * least;
}

void Thin(CurvePoints& points) {
  if (points.size() <= kMostPoints) return;
  const std::size_t every = (points.size() + kMostPoints - 1) / kMostPoints;
  CurvePoints kept;
  for (std::size_t i = 0; i + 1 < points.size(); i += every) kept.push_back(points[i]);
  kept.push_back(points.back());
  points = std::move(kept);
}

/// The end of the time that all runs with contacts have.
double CommonEnd(const PlottedSetting& setting) {
  double end = INFINITY;
  for (const PlottedRun& run : setting.runs)
    if (!run.contacts.empty()) end = std::min(end, run.contacts.back().time);
  return end;
}

CurvePoints PointsOf(const std::vector<ContactCount>& contacts) {
  CurvePoints points;
  for (const ContactCount& at : contacts)
    points.push_back({.x = at.time, .value = at.count, .low = at.count, .high = at.count});
  return points;
}

class FigureMaker {
 public:
  FigureMaker(const std::vector<PlottedSetting>& settings, const FigureOptions& options)
      : settings_(settings), options_(options) {}

  Result<Figure> Make() {
    figure_.title = options_.title;
    figure_.legend_title = options_.legend_title;
    figure_.x = options_.x ? *options_.x : UsualAxis();
    DELSTEP_TRY(CheckMetrics());
    for (const std::string& metric : options_.metrics.empty() ? UsualMetrics() : options_.metrics)
      AddPanel(metric);
    if (figure_.panels.empty()) {
      const auto known = Recorded();
      return Refused(
          "there is nothing to plot: no accuracy, consensus distance or contact was "
          "recorded",
          known.empty() ? "`test` in the script records accuracies"
                        : "plot one of these by --metric: " + Join(known, ", "));
    }
    LabelX(figure_);
    Describe();
    return std::move(figure_);
  }

 private:
  bool AnyRun(auto holds) const {
    return std::ranges::any_of(settings_, [&](const PlottedSetting& setting) {
      return std::ranges::any_of(setting.runs, holds);
    });
  }

  XAxis UsualAxis() const {
    for (const XAxis x : {XAxis::kTime, XAxis::kCycle})
      if (AnyRun([&](const PlottedRun& run) { return HasExtent(run.metrics, x); })) return x;
    return XAxis::kStep;
  }

  bool HasContacts() const {
    return AnyRun([](const PlottedRun& run) { return !run.contacts.empty(); });
  }

  std::vector<std::string> Recorded() const {
    std::set<std::string> names;
    for (const PlottedSetting& setting : settings_)
      for (const PlottedRun& run : setting.runs) names.merge(NamesOf(run));
    return {names.begin(), names.end()};
  }
  static std::set<std::string> NamesOf(const PlottedRun& run) {
    const auto names = MetricsOf(run.metrics);
    std::set<std::string> all(names.begin(), names.end());
    if (!run.contacts.empty()) all.emplace(kContacts);
    return all;
  }

  /// One accuracy: that of the usual scope, else of all nodes' data, else the first one.
  std::vector<std::string> UsualMetrics() const {
    const auto known = Recorded();
    std::vector<std::string> usual;
    const auto add_if_known = [&](const std::string& name) {
      if (std::ranges::find(known, name) == known.end()) return false;
      usual.push_back(name);
      return true;
    };
    if (!add_if_known("test_acc") && !add_if_known("test_acc:global")) {
      const auto first = std::ranges::find_if(
          known, [](const std::string& name) { return name.starts_with("test_acc:"); });
      if (first != known.end()) usual.push_back(*first);
    }
    add_if_known("consensus_distance");
    if (figure_.x == XAxis::kTime) add_if_known(std::string(kContacts));
    return usual;
  }

  Result<void> CheckMetrics() const {
    for (const std::string& metric : options_.metrics) {
      if (metric == kContacts && figure_.x != XAxis::kTime)
        return UsageError("contacts are drawn over the simulated time alone", "write --x time");
      const bool is_known =
          metric == kContacts ? HasContacts() : AnyRun([&](const PlottedRun& run) {
            return !CurveOfRun(run.metrics, metric, figure_.x, Band::kNone).empty();
          });
      if (is_known) continue;
      const auto known = Recorded();
      const std::string near = DidYouMean(metric, known);
      return UsageError(
          fmt::format("no metric '{}' was recorded; there {}: {}", metric,
                      known.size() == 1 ? "is" : "are", known.empty() ? "none" : Join(known, ", ")),
          near);
    }
    return {};
  }

  void AddPanel(const std::string& metric) {
    Panel panel{.metric = metric, .label = {}, .is_steps = metric == kContacts, .curves = {}};
    for (const PlottedSetting& setting : settings_) {
      Curve curve = metric == kContacts ? ContactsOf(setting) : CurveOf(setting, metric);
      if (curve.points.empty()) continue;
      Thin(curve.points);
      curve.label = setting.label;
      curve.has_band = std::ranges::any_of(
          curve.points, [](const CurvePoint& point) { return point.low < point.high; });
      panel.curves.push_back(std::move(curve));
    }
    if (panel.curves.empty()) return;
    panel.log_scale = WantsLogScale(panel);
    LabelY(panel);
    figure_.panels.push_back(std::move(panel));
  }

  Curve CurveOf(const PlottedSetting& setting, const std::string& metric) const {
    // Only of a run by itself are the nodes seen; of several their means.
    std::vector<CurvePoints> runs;
    for (const PlottedRun& run : setting.runs) {
      CurvePoints points = CurveOfRun(run.metrics, metric, figure_.x, options_.band);
      if (!points.empty()) runs.push_back(std::move(points));
    }
    return {.label = {}, .points = Combine(runs, options_.band), .runs = runs.size()};
  }

  Curve ContactsOf(const PlottedSetting& setting) const {
    std::vector<CurvePoints> runs;
    const double end = CommonEnd(setting);
    for (const PlottedRun& run : setting.runs) {
      if (run.contacts.empty()) continue;
      // Of several runs the changes come at different moments each; parts of the time agree.
      const bool exact = setting.runs.size() == 1 && run.contacts.size() <= kMostChanges;
      runs.push_back(PointsOf(exact || end <= 0 ? run.contacts
                                                : MeanContacts(run.contacts, end, kMostChanges)));
    }
    return {.label = {}, .points = Combine(runs, options_.band), .runs = runs.size()};
  }

  /// What lines and bands are, in one sentence.
  void Describe() {
    std::size_t least = settings_.front().runs.size(), most = 1;
    bool band = false;
    for (const Panel& panel : figure_.panels)
      for (const Curve& curve : panel.curves) {
        least = std::min(least, curve.runs);
        most = std::max(most, curve.runs);
        band = band || curve.has_band;
      }
    const std::string whole = most == 1       ? "of the nodes"
                              : least == most ? fmt::format("of {} runs", most)
                                              : fmt::format("of {} to {} runs", least, most);
    constexpr std::string_view kBands[] = {"10th to 90th percentile", "minimum to maximum",
                                           "± standard deviation", ""};
    figure_.caption = fmt::format("Line: mean {}", whole);
    if (band)
      figure_.caption += fmt::format("; band: {}", kBands[static_cast<std::size_t>(options_.band)]);
  }

  const std::vector<PlottedSetting>& settings_;
  const FigureOptions& options_;
  Figure figure_;
};

}  // namespace

Result<Figure> MakeFigure(const std::vector<PlottedSetting>& settings,
                          const FigureOptions& options) {
  return FigureMaker(settings, options).Make();
}

std::string FigureTable(const Figure& figure) {
  std::string table = "metric,setting,x,value,low,high,runs\n";
  for (const Panel& panel : figure.panels)
    for (const Curve& curve : panel.curves)
      for (const CurvePoint& point : curve.points)
        table +=
            fmt::format("{},{},{},{},{},{},{}\n", CsvField(panel.metric), CsvField(curve.label),
                        ShortestReal(point.x), ShortestReal(point.value), ShortestReal(point.low),
                        ShortestReal(point.high), curve.runs);
  return table;
}

}  // namespace delstep
