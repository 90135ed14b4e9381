#pragma once
/// How fast nodes compute: how long a training takes in simulated time, by compute.*.
///
///   time of training k of a node = examples * ms per example * (1 + jitter)
///
/// `examples` counts every example as often as it is used: passes times training examples, or steps
/// times the size of a batch; forward and backward pass are both in the time per example. The size
/// of a batch does not change it (as in FedScale, fedscale/cloud/internal/client_metadata.py).
///
/// The time per example of a node comes from compute.file if that has it, else it is one draw of
/// compute.ms_per_example from the stream (seed, compute, node, 0). The jitter of a node's training
/// k, from 0, is uniform in [-compute.jitter, compute.jitter), from the stream (seed, compute, node,
/// k + 1). So nobody's speed depends on who else is there, or on who trains first.
///
/// The file is a table of nodes (node_table/node_table.h) with the columns
/// `node,ms_per_example,up_kbps,down_kbps`; a k is 1000 bits. The last two may be left out or empty:
/// such a node has the up- and downlink that network.up and network.down say.
///
/// Units: nanoseconds of simulated time, bits per second. Threads: any number, as nothing changes.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "delstep/result.h"
#include "delstep/scenario.h"
#include "delstep/types.h"

namespace delstep {

/// One line of compute.file.
struct ComputeRow {
  double ms_per_example = 0;
  std::optional<double> up, down;  ///< bits per second, above 0
};
struct ComputeTable {
  std::unordered_map<std::uint32_t, ComputeRow> nodes;  ///< by number
  std::vector<std::string> notes;
};
/// Errors: kFile, with `where` = "file:line": those of ParseNodeTable(), a node that comes twice, a
/// capacity of 0.
Result<ComputeTable> ParseComputeTable(std::string_view text, std::string_view file,
                                       const NodesOptions& nodes);

class ComputeSpeeds {
 public:
  /// All nodes compute in no time.
  ComputeSpeeds() = default;
  /// Takes compute.table, which is what compute.file held, if it is there. Errors: those of
  /// ParseComputeTable().
  static Result<ComputeSpeeds> Make(const Scenario& scenario);

  /// How long the node's training `training`, from 0, takes that uses so many examples; rounded to
  /// whole nanoseconds. Errors: kRefused if it is more than 10^9 s, about 31 years.
  Result<Duration> TrainingTime(NodeId node, std::uint64_t training, std::uint64_t examples) const;
  /// Nanoseconds per example of this node, without jitter.
  double NsPerExample(NodeId node) const;
  /// Whether any node's training can take time.
  bool takes_time() const;

  /// Bits per second of a node's own up- and downlink, as the file has them. Nothing: network.up and
  /// network.down hold.
  struct Capacity {
    std::optional<double> up, down;
  };
  Capacity CapacityOf(NodeId node) const;
  /// Sentences for the user about the file.
  const std::vector<std::string>& notes() const { return table_.notes; }

 private:
  std::uint64_t seed_ = 0;
  ComputeOptions options_;
  ComputeTable table_;
};

}  // namespace delstep
