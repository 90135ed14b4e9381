#pragma once
/// Metrics of a run as tidy rows, made of its events: metrics.csv, described in
/// docs/reference/run-directory.md.
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "delstep/event.h"
#include "delstep/simulation.h"
#include "recording/address_book.h"

namespace delstep {

constexpr std::string_view kMetricsHeader = "run,step,cycle,sim_time,node,group,metric,value\n";

/// A row as values, for readers other than those of the file.
struct MetricRow {
  std::uint64_t step = 0;
  double sim_time = 0;      ///< seconds
  std::string node, group;  ///< one of them is empty
  std::string metric;
  double value = 0;
};

/// Collects a command's events, then puts what they changed as rows. Threads: one.
class Metrics {
 public:
  /// `run` names the run in every row; `step` is the number of the first command.
  explicit Metrics(std::string run, std::uint64_t step = 0) : run_(std::move(run)), step_(step) {}

  /// From now on Take() has the rows too.
  void KeepRows() { keeps_rows_ = true; }
  /// The rows of the last EndPart() or EndCommand() as values, in the same order.
  std::vector<MetricRow> Take() { return std::exchange(rows_, {}); }

  void Learn(const Event& event);
  /// The rows of what has happened since the last rows, inside of a command that goes on; `cycle` is
  /// the one that they belong to.
  std::string EndPart(const Simulation& simulation, std::uint64_t cycle,
                      const AddressBook& addresses);
  /// The rows of the command that has ended, `cycle` being the one it began in; the next command is
  /// another `step`.
  std::string EndCommand(const Simulation& simulation, std::uint64_t cycle,
                         const AddressBook& addresses);

 private:
  void Add(const std::string& metric, NodeId node, double value);
  void AddStaleness(const Simulation& simulation);

  std::string run_;
  std::uint64_t step_;
  /// Values of this command by metric, in the order in which metrics first came; a node's later
  /// value replaces its earlier one.
  std::vector<std::pair<std::string, std::map<NodeId, double>>> values_;
  std::map<NodeId, SimTime> tested_;  ///< in this command, and when
  bool models_changed_ = false, traffic_changed_ = false;
  bool keeps_rows_ = false;
  std::vector<MetricRow> rows_;
};

}  // namespace delstep
