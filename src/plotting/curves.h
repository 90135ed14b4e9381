#pragma once
/// From recorded values to the points of a curve: a middle line and a band around it.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plotting/contacts.h"
#include "plotting/run_metrics.h"

namespace delstep {

/// What the horizontal axis shows.
enum class XAxis {
  kTime,   ///< simulated seconds
  kCycle,  ///< label of the cycle
  kBytes,  ///< bytes put on the wire since the start
  kStep    ///< number of the command
};

/// What the band around a line shows: of the nodes of one run, or of several runs.
enum class Band {
  kPercentiles,  ///< 10th to 90th
  kMinMax,       ///< smallest to largest
  kDeviation,    ///< mean ± standard deviation
  kNone
};

struct CurvePoint {
  double x = 0;
  double value = 0;
  double low = 0, high = 0;  ///< the band; both are `value` where there is none
};

/// Ascending in x, each x once.
using CurvePoints = std::vector<CurvePoint>;

/// A metric of one run, as it is named to a user: "test_acc" stands for the mean over the nodes
/// ("test_acc/mean") with the band of the nodes' spread, every other name for its values without a
/// band. Where several values have the same x, the last one counts; and what goes back in x takes
/// away what it goes back behind, as after `undo`. Empty if the run has no such metric.
CurvePoints CurveOfRun(const RunMetrics& run, std::string_view metric, XAxis x, Band band);

/// The names that CurveOfRun() has a curve for, sorted: "test_acc", not "test_acc/mean".
std::vector<std::string> MetricsOf(const RunMetrics& run);

/// Whether the run has values at two different x, so that there is a line to draw.
bool HasExtent(const RunMetrics& run, XAxis x);

/// One curve out of those of several runs of one experiment: the mean of their middle lines, and the
/// band of these. It stands at each x of any run, as far as all of them reach; between its points a
/// run's line is straight. Curves without points do not count. Of one run: its curve as it is.
CurvePoints Combine(std::span<const CurvePoints> runs, Band band);

}  // namespace delstep
