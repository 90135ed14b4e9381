#pragma once
/// What is known of the nets that one MakeNet makes, and of where they compute.
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "learning/torch/examples_on_device.h"
#include "learning/torch/net.h"
#include "learning/torch/net_layout.h"
#include "learning/torch/placement.h"
#include "math/kernels.h"
#include "math/optimizers.h"

namespace delstep {

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
  std::string own_optimizer;         ///< "SGD"; empty: `rule` decides
  const Kernels* kernels = nullptr;  ///< for the memory that rows are in while a job runs
  Placement placement;
  /// What workers share of the data where placement.copies; else null.
  std::shared_ptr<ExamplesOnDevice> examples;
  /// Operations of the model that do not repeat on the device, in LibTorch's words.
  std::vector<std::string> unrepeatable;
};

}  // namespace delstep
