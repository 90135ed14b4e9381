#pragma once
/// What is drawn, before any tool draws it: panels one below the other with a common horizontal axis.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "delstep/result.h"
#include "plotting/curves.h"

namespace delstep {

/// One run and where it stands in the picture.
struct PlottedRun {
  RunMetrics metrics;
  std::vector<ContactCount> contacts{};  ///< empty: none are known
};

/// Runs that are one curve together: one experiment, repeated with different seeds.
struct PlottedSetting {
  std::string label{};  ///< for the legend: "ring", "ring, 0.1"; a single curve needs none
  std::vector<PlottedRun> runs{};
};

struct FigureOptions {
  /// None: the simulated time if it passes, else the cycle if it advances, else the command's number.
  std::optional<XAxis> x{};
  /// None: accuracy, consensus distance and contacts, as far as they were recorded.
  std::vector<std::string> metrics{};
  Band band = Band::kPercentiles;
  std::string title{};         ///< none: no title
  std::string legend_title{};  ///< what the labels are values of: "topology.name"
};

struct Curve {
  std::string label;
  CurvePoints points;     ///< in the units of the recording
  std::size_t runs = 1;   ///< how many it was made of
  bool has_band = false;  ///< anywhere
};

struct Panel {
  std::string metric;  ///< as it is named to a user
  std::string label;   ///< of the vertical axis, with its unit: "Test loss (nats)"
  double scale = 1;    ///< values are multiplied by it to be in that unit
  bool log_scale = false;
  bool is_steps = false;  ///< a value holds until the next one, as a count does
  std::vector<Curve> curves;
};

struct Figure {
  std::string title, legend_title;
  std::string caption;  ///< what line and band are
  XAxis x = XAxis::kTime;
  std::string x_label;  ///< with its unit: "Simulated time (h)"
  double x_scale = 1;   ///< values of x are multiplied by it to be in that unit
  std::vector<Panel> panels;
};

/// The metric that stands for the number of contacts; it is drawn over the simulated time alone.
inline constexpr std::string_view kContacts = "contacts";

/// Errors: kUsage for a metric that no run has recorded, with those that there are, and for contacts
/// over another axis than time; kRefused if nothing was recorded that could be drawn.
Result<Figure> MakeFigure(const std::vector<PlottedSetting>& settings,
                          const FigureOptions& options);

/// Puts runs together that differ by the key `seed` alone, in the order of their first ones, and
/// labels each by the values in which the settings differ. The second member are the names of these
/// keys, joined. Runs that differ in nothing at all are one setting too.
std::pair<std::vector<PlottedSetting>, std::string> GroupBySetting(std::vector<PlottedRun> runs);

/// The points of a figure as a tidy table: `metric,setting,x,value,low,high,runs`, in the units of
/// the recording (seconds, bytes, nats).
std::string FigureTable(const Figure& figure);

}  // namespace delstep
