// A model, a loss and an optimizer of one's own in ordinary LibTorch. From the top of the source
// tree:
//
//   delstep examples/own_torch_module/learning_module.cpp data.name=blobs nodes.count=8
//
// The net has a skip connection and batch norm; the loss smooths labels; the optimizer is AdamW.
// Its moments stay with each node, like those of the built-in optimizers.
#include <delstep/torch/learning_module.h>

struct Net : torch::nn::Module {
  explicit Net(const delstep::DataDescription& data) {
    input = register_module("input", torch::nn::Linear(data.features(), 32));
    norm = register_module("norm", torch::nn::BatchNorm1d(32));
    hidden = register_module("hidden", torch::nn::Linear(32, 32));
    dropout = register_module("dropout", torch::nn::Dropout(0.1));
    output = register_module("output", torch::nn::Linear(32, data.classes));
  }

  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(norm(input(x.flatten(1))));
    x = x + torch::relu(hidden(x));
    return output(dropout(x));
  }

  torch::nn::Linear input{nullptr}, hidden{nullptr}, output{nullptr};
  torch::nn::BatchNorm1d norm{nullptr};
  torch::nn::Dropout dropout{nullptr};
};

class Mine : public delstep::LearningModule<Net> {
 public:
  std::shared_ptr<Net> MakeModel(const delstep::DataDescription& data) override {
    return std::make_shared<Net>(data);
  }

  torch::Tensor Loss(const torch::Tensor& output, const torch::Tensor& target) override {
    namespace F = torch::nn::functional;
    return F::cross_entropy(output, target, F::CrossEntropyFuncOptions().label_smoothing(0.05));
  }

  std::unique_ptr<torch::optim::Optimizer> MakeOptimizer(
      const std::vector<torch::Tensor>& parameters, const delstep::TrainOptions& options) override {
    return std::make_unique<torch::optim::AdamW>(
        parameters, torch::optim::AdamWOptions(options.learning_rate).weight_decay(0.01));
  }
};

DELSTEP_LEARNING_MODULE(Mine)
