#pragma once
/// A model as the LibTorch learner drives it, and what it is told of the data.
///
/// The learner owns no values: it makes one Net per worker and, for each job, points the storage of
/// the net's parameters and buffers into the rows of a node. A Net therefore keeps nothing of a
/// node outside Parameters() and Buffers(), changes buffers in place (a tensor that it replaces is
/// copied home after the job, which costs time), and changes none of them in evaluation.
///
/// Devices: a net is made in main memory. For a device the learner moves its parameters and buffers
/// there, and input and targets are there too; other tensors of the net it cannot know of.
///
/// Randomness: dropout of any kind of module draws from the job's own stream. Where a pass draws
/// from LibTorch's shared generator by another operator, the learner notices when it is made, seeds
/// that generator from the job's key and runs the jobs one after the other.
///
/// Threads: a Net is used by one thread at a time; MakeNet is called by one thread at a time.
/// Errors: exceptions of a Net's functions fail the job, and the worker's Net is made anew.
#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "delstep/data.h"
#include "delstep/learner.h"
#include "delstep/random.h"
#include "delstep/result.h"

namespace delstep {

struct NamedTensor {
  std::string name;  ///< as in the row: "conv1.weight"; unique among parameters and buffers
  torch::Tensor tensor;
};

/// What goes into a model: float32 [batch, shape...], or int64 [batch, shape...] token ids where
/// tokens > 0. Targets are int64 [batch], in [0, classes).
struct NetInput {
  std::vector<std::int64_t> shape;  ///< of an example, channels first
  std::int64_t tokens = 0;          ///< above 0: ids below this
  std::int64_t classes = 0;
};

class Net {
 public:
  virtual ~Net() = default;

  /// The user's file whose code runs in the functions below; a crash then names it. Empty: ours.
  virtual const std::string& UserFile() const {
    static const std::string kOurs;
    return kOurs;
  }

  /// What is trained: float32, contiguous, each tensor once by identity, in a fixed order.
  virtual std::vector<NamedTensor> Parameters() = 0;
  /// What else belongs to the state: float32 or int64, contiguous. Other types are refused.
  virtual std::vector<NamedTensor> Buffers() = 0;

  /// Scores (logits) [batch, classes], or whatever Loss() and CountCorrect() expect.
  virtual torch::Tensor Forward(const torch::Tensor& input) = 0;
  /// A scalar: the mean over the batch. Cross-entropy in nats unless overridden.
  virtual torch::Tensor Loss(const torch::Tensor& output, const torch::Tensor& target) {
    return torch::cross_entropy_loss(output, target);
  }
  /// How many examples are right: those whose target has the highest score, the lowest class
  /// winning ties, unless overridden. What an override returns is checked (WhyNoCount()).
  virtual std::int64_t CountCorrect(const torch::Tensor& output, const torch::Tensor& target) {
    return output.argmax(1).eq(target).sum().item<std::int64_t>();
  }
  /// Between training (dropout, batch statistics) and evaluation.
  virtual void SetTraining(bool training) = 0;

  /// Sets parameters and buffers, in place, to initial values that depend on the key alone. False:
  /// they are what the net was made with; the learner then makes a net with LibTorch's generator
  /// seeded from the key.
  virtual bool Initialise(RandomKey /*key*/) { return false; }

  /// The user's own optimizer over `parameters` (those of Parameters(), in order), for one job;
  /// null: the learner's own, which `training.optimizer` names. It must be an SGD, Adam, AdamW,
  /// RMSprop or Adagrad of torch::optim, and of the same kind each time: what it keeps lies in the
  /// state row.
  virtual std::unique_ptr<torch::optim::Optimizer> MakeOptimizer(
      const std::vector<torch::Tensor>& /*parameters*/, const TrainOptions& /*options*/) {
    return nullptr;
  }
};

/// Makes another Net of the same structure at each call.
using MakeNet = std::function<Result<std::unique_ptr<Net>>()>;

/// What the data set says of the input.
inline NetInput InputOf(const Dataset& data) {
  return {data.example_shape, data.tokens, data.classes};
}

}  // namespace delstep
