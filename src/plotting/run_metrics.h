#pragma once
/// What runs have recorded in their tables of metrics, read back to be drawn.
///
/// The table is `metrics.csv` of a run, or `sweep.csv` of a sweep, which has the same columns after
/// one for each key that the sweep varied. Both are "tidy": one value a row
/// (docs/reference/run-directory.md).
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "archive/byte_source.h"
#include "delstep/result.h"

namespace delstep {

/// One value of a metric, and when it was measured.
struct MetricPoint {
  std::uint64_t step = 0;  ///< number of the command, from 0
  double cycle = 0;        ///< label of the cycle
  double time = 0;         ///< simulated seconds
  double value = 0;        ///< rows whose value is no finite number below 1e100 are left out
};

/// What one run has recorded of all its nodes together.
struct RunMetrics {
  std::string run;  ///< the folder's name
  /// Keys that a sweep varied, with this run's values, in the order of the columns; empty for a run
  /// by itself.
  std::vector<std::pair<std::string, std::string>> settings;
  /// By metric ("test_acc/mean", "consensus_distance"), in the order recorded. Values of single nodes
  /// and of groups other than "all" are not kept.
  std::map<std::string, std::vector<MetricPoint>, std::less<>> metrics;
};

/// Reads a table. The runs come in the order in which they begin; rows of one run lie together. A
/// last row that is cut off, as while its run still goes on, is left out. One record is in memory
/// beside what is kept.
///
/// Errors (kFile), with where = "FILE:LINE": a column is missing, a row has another number of fields
/// than the header, or its step, cycle or time is no number; and those of CsvRecords.
Result<std::vector<RunMetrics>> ReadRunMetrics(ByteSource& source);

}  // namespace delstep
