#pragma once
/// A model that this program brings, a class of torch::nn, as a Net: its initial values are drawn
/// from a key. Models that users bring are in user_nets.h.
#include <torch/nn.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "delstep/random.h"
#include "learning/torch/net.h"

namespace delstep {

enum class Start : std::uint8_t {
  kUniform,  ///< in [-1/sqrt(fan_in), 1/sqrt(fan_in)], as torch.nn and the dense learner do
  kHe,       ///< convolutions normal with variance 2/fan_in (He et al. 2015), the rest as above
};

/// Fills the parameters that the torch::nn module holds itself, children left out. LSTM: uniform by
/// its width; embedding: standard normal; batch norm keeps what it was made with (1 and 0).
/// `number` counts parameters: each has a stream of its own, as in the dense learner.
inline void DrawModule(torch::nn::Module& module, Start start, RandomKey key,
                       std::uint64_t& number) {
  double bound = 0;
  bool normal = false;
  const auto by_weight = [&](const torch::Tensor& weight) {
    bound = 1 / std::sqrt(static_cast<double>(weight[0].numel()));
  };
  if (auto* linear = module.as<torch::nn::Linear>()) {
    by_weight(linear->weight);
  } else if (auto* convolution = module.as<torch::nn::Conv2d>()) {
    by_weight(convolution->weight);
    normal = start == Start::kHe;
    if (normal) bound *= std::sqrt(2.0);
  } else if (auto* lstm = module.as<torch::nn::LSTM>()) {
    bound = 1 / std::sqrt(static_cast<double>(lstm->options.hidden_size()));
  } else if (module.as<torch::nn::Embedding>()) {
    bound = 1;
    normal = true;
  }
  for (const torch::Tensor& parameter : module.parameters(/*recurse=*/false)) {
    Random random(Derive(key, number++));
    if (bound == 0) continue;
    // The parameter may be on a device.
    const torch::Tensor drawn = torch::empty(parameter.sizes(), torch::kFloat);
    auto* values = drawn.data_ptr<float>();
    for (std::int64_t i = 0; i < drawn.numel(); ++i)
      values[i] =
          static_cast<float>(normal ? bound * random.Normal() : random.Uniform(-bound, bound));
    const torch::NoGradGuard no_grad;
    torch::Tensor(parameter).copy_(drawn);
  }
}

template <class Module>
class BuiltinNet : public Net {
 public:
  explicit BuiltinNet(std::shared_ptr<Module> module, Start start = Start::kUniform)
      : module_(std::move(module)), start_(start) {}

  std::vector<NamedTensor> Parameters() override { return Named(module_->named_parameters()); }
  std::vector<NamedTensor> Buffers() override { return Named(module_->named_buffers()); }
  torch::Tensor Forward(const torch::Tensor& input) override { return module_->forward(input); }
  void SetTraining(bool training) override { module_->train(training); }
  bool Initialise(RandomKey key) override {
    std::uint64_t number = 0;
    for (const auto& part : module_->modules(/*include_self=*/false))
      DrawModule(*part, start_, key, number);
    return true;
  }

 private:
  static std::vector<NamedTensor> Named(
      const torch::OrderedDict<std::string, torch::Tensor>& dict) {
    std::vector<NamedTensor> named;
    for (const auto& item : dict) named.push_back({item.key(), item.value()});
    return named;
  }

  std::shared_ptr<Module> module_;
  Start start_;
};

/// Makes nets of `Module(input)`.
template <class Module>
MakeNet MakerOf(const NetInput& input, Start start = Start::kUniform) {
  return [=]() -> Result<std::unique_ptr<Net>> {
    return std::make_unique<BuiltinNet<Module>>(std::make_shared<Module>(input), start);
  };
}

}  // namespace delstep
