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
  /// Numbers of trained tensors that the loss does not use. They are left alone, weight decay
  /// included, as by torch.optim, as long as no gradient reaches them after all.
  std::vector<std::size_t> unused;
  /// The net's own optimizer has a learning rate of its own, which training.lr does not reach
  /// through MakeOptimizer(): a job's rate is set in it. Nothing: it follows its options.
  std::optional<double> own_rate;
  std::string own_optimizer;  ///< "SGD"; empty: `rule` decides
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

  /// Numbers of the trained tensors that get no gradient in a training step of the job.
  std::vector<std::size_t> FindUnused(const TrainJob& job);

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
