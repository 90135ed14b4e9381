#pragma once
/// A net at work on the rows of one node after the other: the scratch of one worker.
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "delstep/learner.h"
#include "learning/torch/net.h"
#include "learning/torch/net_layout.h"
#include "math/kernels.h"
#include "math/optimizers.h"

namespace delstep {

/// What is known of the nets that one MakeNet makes.
struct NetFacts {
  NetInput input;
  NetLayout layout;
  std::optional<UpdateRule> rule;     ///< none: the net brings an optimizer of its own
  bool channels_last = false;         ///< pictures are handed over in that order of memory
  bool draws_from_generator = false;  ///< training draws from LibTorch's shared generator
  bool writes_when_evaluated = false;
  std::string refuses_one;  ///< why no batch of a single example can be trained on; empty: it can
  const Kernels* kernels = nullptr;
};

/// A mini-batch as tensors, in memory that is reused.
class Batch {
 public:
  explicit Batch(const NetFacts& facts) : facts_(facts) {}
  void Gather(const Dataset& dataset, std::span<const std::uint32_t> examples);
  const torch::Tensor& input() const { return input_; }
  const torch::Tensor& target() const { return target_; }

 private:
  void Reserve(std::int64_t size);

  const NetFacts& facts_;
  torch::Tensor all_inputs_, all_targets_;  // of the largest batch so far
  torch::Tensor all_channels_last_;
  torch::Tensor input_, target_;
};

/// Exceptions of the net leave these functions; the worker is of no use afterwards.
class NetWorker {
 public:
  /// `facts` outlive the worker and have the layout of the net.
  NetWorker(std::unique_ptr<Net> net, NetTensors tensors, const NetFacts& facts);

  TrainResult Train(const TrainJob& job, const std::stop_token& stop);
  EvaluateResult Evaluate(std::span<const float> model, const DataView& data,
                          bool confusion = false);
  /// False: the net leaves it to its maker. See Net::Initialise().
  bool Initialise(std::span<float> model, std::span<float> state, RandomKey key);

  Net& net() { return *net_; }
  NetBinding& binding() { return binding_; }

 private:
  class Stepper;
  double TrainEpoch(const TrainJob& job, std::int64_t most, std::int64_t& steps, Stepper& stepper);
  bool AllFinite(const TrainJob& job) const;
  std::string WhyBatchesAreTooSmall(const TrainJob& job) const;

  const NetFacts& facts_;
  std::unique_ptr<Net> net_;
  NetBinding binding_;
  Batch batch_;
  AlignedFloats copy_;  // of a row that is evaluated, where the net writes to it
  std::vector<std::uint32_t> order_;
};

}  // namespace delstep
