#pragma once
/// A net at work on the rows of one node after the other: the scratch of one worker.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "delstep/learner.h"
#include "learning/torch/batch.h"
#include "learning/torch/device_scope.h"
#include "learning/torch/net.h"
#include "learning/torch/net_facts.h"
#include "learning/torch/net_layout.h"
#include "learning/torch/row_block.h"

namespace delstep {

/// Rows are where a RowBlock has placed them. When a function ends, what it computed is there.
/// Exceptions of the net leave these functions; the worker is of no use afterwards.
class NetWorker {
 public:
  /// `facts` outlive the worker and have the layout of the net.
  NetWorker(std::unique_ptr<Net> net, NetTensors tensors, const NetFacts& facts);

  TrainResult Train(const TrainJob& job, const PlacedRows& rows, const std::stop_token& stop);
  EvaluateResult Evaluate(std::span<const float> model, const DataView& data,
                          bool confusion = false);
  /// False: the net leaves it to its maker. See Net::Initialise().
  bool Initialise(const PlacedRows& rows, RandomKey key);

  /// Numbers of the trained tensors that get no gradient in a training step of the job.
  std::vector<std::size_t> FindUnused(const TrainJob& job, const PlacedRows& rows);

  Net& net() { return *net_; }
  NetBinding& binding() { return binding_; }
  const DeviceWarnings& warnings() const { return warnings_; }

 private:
  class Stepper;
  double TrainEpoch(const TrainJob& job, std::int64_t most, std::int64_t& steps, Stepper& stepper);
  bool AllFinite(const PlacedRows& rows) const;
  std::string WhyBatchesAreTooSmall(const TrainJob& job) const;
  EvaluateResult EvaluateBatches(const DataView& data, bool confusion);

  const NetFacts& facts_;
  const std::optional<c10::Stream> stream_;
  DeviceWarnings warnings_;
  std::unique_ptr<Net> net_;
  NetBinding binding_;
  Batch batch_;
  AlignedFloats copy_;  // of a row that is evaluated in place, where the net writes to it
  std::vector<std::uint32_t> order_;
};

}  // namespace delstep
