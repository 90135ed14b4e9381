#pragma once
/// What `expect` can measure: one table of metrics and one of statistics. The grammar, `--check`,
/// `help metrics`, completion and docs/reference/commands.md read the same rows.
///
/// Three kinds of metric differ in what they are a value of:
///
///   kTest   a node's last test on one scope: test_acc, test_loss. The scope is named after a
///           colon (`test_acc:local`); without it, it is that of the last `test` of the run.
///   kNode   a node: trained, train_loss, inbox, ...
///   kRun    the whole run: lost, bytes, consensus_distance, ... One number, without statistics.
///
/// The first two become one number by a statistic over nodes: all present ones that have a value,
/// or those that are named in the brackets.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "console/language/selector.h"
#include "delstep/simulation.h"

namespace delstep {

/// One row; the member that fits `kind` is set, the two others are null.
struct Metric {
  enum class Kind { kTest, kNode, kRun };
  std::string_view name;
  Kind kind = Kind::kRun;
  std::string_view sentence;
  std::string_view remedy{};  ///< what to do where no node has a value: "train"
  bool seconds = false;       ///< may be compared with a duration: `clock > 10s`
  double Evaluated::*of_test = nullptr;
  std::optional<double> (*of_node)(const NodeView&) = nullptr;
  double (*of_run)(const Simulation&) = nullptr;
};
std::span<const Metric> MetricTable();
/// Null if there is none of this name.
const Metric* FindMetric(std::string_view name);

/// "mean", "count", ...; all but `count` need a value at least.
struct Statistic {
  std::string_view name;
  std::string_view sentence;
  double (*of)(const Spread&) = nullptr;
};
std::span<const Statistic> StatisticTable();
const Statistic* FindStatistic(std::string_view name);

std::vector<std::string> MetricNames();
std::vector<std::string> StatisticNames();

/// What `help metrics` says: the grammar of a condition, all metrics, all statistics.
std::string MetricsHelp();
/// The same as a section of docs/reference/commands.md.
std::string MetricsReference();

/// How the first word of a condition may go on: metrics, then scopes after a ':', then statistics,
/// nodes and groups after a '('. Whole words, of which `typed` is the beginning.
std::vector<std::string> CompleteMetric(std::string_view typed, const Directory& directory);

}  // namespace delstep
