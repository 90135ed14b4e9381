// A learning module on which the conformance suite of learners runs.
#include <delstep/torch/learning_module.h>

namespace {

/// 12 features as 3 channels of 4, so batch norm bears a batch of one.
struct Net : torch::nn::Module {
  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(fc1(norm(x.view({-1, 3, 4})).flatten(1)));
    return fc2(dropout(x));
  }

  torch::nn::BatchNorm1d norm = register_module("norm", torch::nn::BatchNorm1d(3));
  torch::nn::Linear fc1 = register_module("fc1", torch::nn::Linear(12, 16));
  torch::nn::Dropout dropout = register_module("dropout", torch::nn::Dropout(0.1));
  torch::nn::Linear fc2 = register_module("fc2", torch::nn::Linear(16, 4));
};

class Module : public delstep::LearningModule<Net> {
 public:
  std::shared_ptr<Net> MakeModel(const delstep::DataDescription&) override {
    return std::make_shared<Net>();
  }
  torch::Tensor Loss(const torch::Tensor& output, const torch::Tensor& target) override {
    return torch::cross_entropy_loss(output, target) + 0.001 * output.square().mean();
  }
};

}  // namespace

DELSTEP_LEARNING_MODULE(Module)
