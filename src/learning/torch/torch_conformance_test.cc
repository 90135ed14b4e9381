/// The suite of learners on this one, with nets that try what rows and workers must bear.
#include "learning/torch/models/builtin_net.h"
#include "learning/torch/tensor_kernels.h"
#include "learning/torch/torch_learner.h"
#include "tests/conformance/learner_conformance.h"

namespace delstep {
namespace {

/// Batch statistics over 3 channels of 4 features, dropout, and one layer in two places.
class NormalisedTied : public torch::nn::Module {
 public:
  explicit NormalisedTied(const NetInput&)
      : norm_(register_module("norm", torch::nn::BatchNorm1d(3))),
        twice_(register_module("first", torch::nn::Linear(12, 12))),
        last_(register_module("last", torch::nn::Linear(12, 4))) {
    register_module("second", twice_);
  }
  torch::Tensor forward(const torch::Tensor& x) {
    torch::Tensor y = norm_(x.view({-1, 3, 4})).flatten(1);
    y = torch::dropout(torch::relu(twice_(y)), 0.1, is_training());
    return last_(torch::relu(twice_(y)));
  }

 private:
  torch::nn::BatchNorm1d norm_;
  torch::nn::Linear twice_, last_;
};

/// Noise from LibTorch's shared generator, initial values from its constructor, an optimizer of its
/// own.
class Noisy : public Net {
 public:
  std::vector<NamedTensor> Parameters() override { return {{"weight", weight_}, {"bias", bias_}}; }
  std::vector<NamedTensor> Buffers() override { return {}; }
  torch::Tensor Forward(const torch::Tensor& x) override {
    return torch::linear(training_ ? x + 0.01 * torch::randn_like(x) : x, weight_, bias_);
  }
  void SetTraining(bool training) override { training_ = training; }
  std::unique_ptr<torch::optim::Optimizer> MakeOptimizer(
      const std::vector<torch::Tensor>& parameters, const TrainOptions& options) override {
    return std::make_unique<torch::optim::RMSprop>(
        parameters,
        torch::optim::RMSpropOptions(options.learning_rate).momentum(0.5).centered(true));
  }

 private:
  torch::Tensor weight_ = (torch::rand({4, 12}) - 0.5).requires_grad_();
  torch::Tensor bias_ = torch::zeros({4}, torch::requires_grad());
  bool training_ = true;
};

/// Puts new tensors in the place of its buffers, and changes one of them in evaluation.
class Restless : public Net {
 public:
  std::vector<NamedTensor> Parameters() override { return {{"weight", weight_}}; }
  std::vector<NamedTensor> Buffers() override { return {{"mean", mean_}, {"count", count_}}; }
  torch::Tensor Forward(const torch::Tensor& x) override {
    const torch::NoGradGuard no_grad;
    if (training_) {
      mean_ = mean_ * 0.9 + x.mean(0) * 0.1;
      count_ = count_ + 1;
    }
    const torch::AutoGradMode grad(training_);
    const torch::Tensor scores = torch::matmul(x - mean_, weight_);
    if (!training_) mean_.mul_(1.5);
    return scores;
  }
  void SetTraining(bool training) override { training_ = training; }

 private:
  torch::Tensor weight_ = (torch::rand({12, 4}) - 0.5).requires_grad_();
  torch::Tensor mean_ = torch::zeros({12});
  torch::Tensor count_ = torch::zeros({}, torch::kLong);
  bool training_ = true;
};

template <class Made>
MakeLearner LearnerOf(Placement placement = {}) {
  return [=](const Scenario& scenario, const Dataset& data, Workers& workers) {
    return MakeNetLearner([]() -> Result<std::unique_ptr<Net>> { return std::make_unique<Made>(); },
                          scenario, data, workers, placement);
  };
}

MakeLearner NormalisedTiedOn(Placement placement) {
  return [=](const Scenario& scenario, const Dataset& data, Workers& workers) {
    return MakeNetLearner(MakerOf<NormalisedTied>(InputOf(data)), scenario, data, workers,
                          placement);
  };
}

MakeLearner TorchOn(Placement placement) {
  return [=](const Scenario& scenario, const Dataset& data, Workers& workers) {
    return MakeTorchLearnerOn(placement, scenario, data, workers);
  };
}

Scenario With(std::string model, std::vector<std::size_t> hidden, std::string optimizer,
              double momentum = 0) {
  Scenario scenario;
  scenario.model.name = std::move(model);
  scenario.model.hidden = std::move(hidden);
  scenario.model.dropout = 0.1;
  scenario.training.optimizer = std::move(optimizer);
  scenario.training.momentum = momentum;
  scenario.training.weight_decay = 0.0001;
  return scenario;
}

Scenario FromFile(std::string model, std::string file) {
  Scenario scenario = With(std::move(model), {}, "adam");
  scenario.model.file = std::move(file);
  return scenario;
}

const std::string kScript = DELSTEP_SOURCE_DIR "/tests/conformance/torch/script_net.pt";

INSTANTIATE_TEST_SUITE_P(
    Torch, LearnerConformance,
    testing::Values(
        LearnerUnderTest{"mlp_adam", With("mlp", {20, 16}, "adam"), MakeTorchLearner},
        LearnerUnderTest{"mlp_rmsprop", With("mlp", {20}, "rmsprop"), MakeTorchLearner},
        LearnerUnderTest{"logreg_momentum", With("logreg", {}, "sgd", 0.9), MakeTorchLearner},
        LearnerUnderTest{"batch_norm_dropout_tied", With("module", {}, "adam"),
                         NormalisedTiedOn({})},
        LearnerUnderTest{"noise_own_optimizer", With("module", {}, "adam"), LearnerOf<Noisy>()},
        LearnerUnderTest{"buffers_replaced", With("module", {}, "adam"), LearnerOf<Restless>()},
        LearnerUnderTest{"script", FromFile("torchscript", kScript), MakeTorchLearner, true},
        LearnerUnderTest{"cpp_module", FromFile("module", DELSTEP_CONFORMANCE_MODULE),
                         MakeTorchLearner}),
    NameOfLearner);

std::vector<LearnerUnderTest> LearnersOn(Placement placement) {
  return {{"mlp_adam", With("mlp", {20, 16}, "adam"), TorchOn(placement)},
          {"mlp_rmsprop", With("mlp", {20}, "rmsprop"), TorchOn(placement)},
          {"logreg_momentum", With("logreg", {}, "sgd", 0.9), TorchOn(placement)},
          {"batch_norm_dropout_tied", With("module", {}, "adam"), NormalisedTiedOn(placement)},
          {"noise_own_optimizer", With("module", {}, "adam"), LearnerOf<Noisy>(placement)},
          {"buffers_replaced", With("module", {}, "adam"), LearnerOf<Restless>(placement)},
          {"script", FromFile("torchscript", kScript), TorchOn(placement), true},
          {"cpp_module", FromFile("module", DELSTEP_CONFORMANCE_MODULE), TorchOn(placement)}};
}

/// The way of a device, with the CPU as the device. Of most of these nets two fit in a block, so that
/// calls have more than one.
std::vector<LearnerUnderTest> LearnersByCopies() {
  std::vector<LearnerUnderTest> learners = LearnersOn({.copies = true, .block_bytes = 20'000});
  learners.push_back({"tensor_kernels", With("mlp", {20}, "adam"),
                      TorchOn({.copies = true, .kernels = &TensorKernels(c10::DeviceType::CPU)})});
  return learners;
}

/// None where there is no device: TorchOnCuda of cuda_test.cc says so.
std::vector<LearnerUnderTest> LearnersOnCuda() {
  if (FindDevices().count == 0) return {};
  return LearnersOn({.device = c10::Device("cuda:0"),
                     .copies = true,
                     .kernels = &TensorKernels(c10::DeviceType::CUDA)});
}

INSTANTIATE_TEST_SUITE_P(TorchByCopies, LearnerConformance, testing::ValuesIn(LearnersByCopies()),
                         NameOfLearner);
INSTANTIATE_TEST_SUITE_P(TorchOnCuda, LearnerConformance, testing::ValuesIn(LearnersOnCuda()),
                         NameOfLearner);

}  // namespace
}  // namespace delstep
