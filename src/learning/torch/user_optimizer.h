#pragma once
/// An optimizer of torch::optim whose state lies in a state row.
#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delstep/learner.h"
#include "delstep/result.h"
#include "learning/torch/net.h"
#include "learning/torch/net_layout.h"

namespace delstep {

/// What the optimizer keeps. Errors: kUsage for a kind or an option whose state has no place in
/// rows: LBFGS, SGD with dampening, groups that differ in what they keep.
Result<OptimizerState> DescribeOptimizer(const torch::optim::Optimizer& optimizer);

/// "SGD"; requires a kind that DescribeOptimizer() takes, else it is "optimizer".
std::string OptimizerName(const torch::optim::Optimizer& optimizer);
/// The learning rate of each group of parameters.
std::vector<double> RatesOf(const torch::optim::Optimizer& optimizer);

/// One for each job. Its moments are views of the row; steps are copied in and out.
class UserOptimizer {
 public:
  /// Makes the optimizer of the net over the trained tensors of `binding`, which is bound to the rows
  /// of the job. `steps`: taken so far. `own_rate`: that of its first group, where it does not follow
  /// the options; the job's takes its place then, and those of other groups change in proportion.
  UserOptimizer(Net& net, const NetBinding& binding, const TrainOptions& options,
                const OptimizerState& kept, std::int64_t steps, std::optional<double> own_rate);

  void Step();
  /// Copies home what the optimizer did not write in place.
  void Finish();

 private:
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
  std::vector<torch::Tensor> trained_;
  std::vector<std::vector<torch::Tensor>> moments_;  // [parameter][moment]: views of the row
};

}  // namespace delstep
