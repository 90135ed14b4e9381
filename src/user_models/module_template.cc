#include "user_models/new_file.h"
#include "user_models/user_models.h"

namespace delstep {
namespace {

// Not R"cpp(...)cpp": clang-format would lay out what is in it as a part of this file.
constexpr std::string_view kTemplate =
    R"module(// A learning module: what each node learns, in ordinary LibTorch. Run it with
//
//   delstep {shell}
//
// and then type `train`, `flood`, `nstep`, `ag`, `test`. The program compiles this file when it has
// changed (that takes half a minute) and remembers the result. Everything below may be changed;
// what is not needed may go.
#include <delstep/torch/learning_module.h>

// The net of one node. All that it learns lies in its parameters and registered buffers.
struct Net : torch::nn::Module {
  explicit Net(const delstep::DataDescription& data) {
    const auto channels = data.example_shape.at(0);  // MNIST: {1, 28, 28}
    const auto height = data.example_shape.at(1), width = data.example_shape.at(2);
    const auto pooled = ((height - 4) / 2) * ((width - 4) / 2);
    conv = register_module("conv", torch::nn::Conv2d(torch::nn::Conv2dOptions(channels, 8, 5)));
    norm = register_module("norm", torch::nn::BatchNorm2d(8));
    fc1 = register_module("fc1", torch::nn::Linear(8 * pooled, 64));
    fc2 = register_module("fc2", torch::nn::Linear(64, data.classes));
    dropout = register_module("dropout", torch::nn::Dropout(0.2));
  }

  // From a batch [batch, channels, height, width] to scores (logits) [batch, classes].
  torch::Tensor forward(torch::Tensor x) {
    x = torch::max_pool2d(torch::relu(norm(conv(x))), 2);
    x = dropout(torch::relu(fc1(x.flatten(1))));
    return fc2(x);
  }

  torch::nn::Conv2d conv{nullptr};
  torch::nn::BatchNorm2d norm{nullptr};
  torch::nn::Linear fc1{nullptr}, fc2{nullptr};
  torch::nn::Dropout dropout{nullptr};
};

class Mine : public delstep::LearningModule<Net> {
 public:
  // Called once per thread, and for the initial parameters; LibTorch draws them as usual.
  std::shared_ptr<Net> MakeModel(const delstep::DataDescription& data) override {
    TORCH_CHECK(data.example_shape.size() == 3,
                "this net wants images, [channels, height, width]");
    return std::make_shared<Net>(data);
  }

  // The loss, a mean over the batch. Without this function: cross-entropy.
  torch::Tensor Loss(const torch::Tensor& output, const torch::Tensor& target) override {
    return torch::nn::functional::cross_entropy(output, target);
  }

  // An optimizer of your own: SGD, Adam, AdamW, RMSprop or Adagrad. Without this function
  // `training.optimizer` chooses one.
  //
  // std::unique_ptr<torch::optim::Optimizer> MakeOptimizer(
  //     const std::vector<torch::Tensor>& parameters,
  //     const delstep::TrainOptions& options) override {
  //   return std::make_unique<torch::optim::SGD>(
  //       parameters, torch::optim::SGDOptions(options.learning_rate).momentum(0.9));
  // }

  // A data set of your own, which the program then deals to the nodes. Without this function
  // `data.name` chooses one.
  //
  // delstep::TensorData LoadData() override {
  //   delstep::TensorData data;
  //   data.classes = 2;
  //   data.train_features = torch::randn({1000, 1, 28, 28});
  //   data.train_labels = (data.train_features.mean({1, 2, 3}) > 0).to(torch::kInt64);
  //   return data;
  // }
};

DELSTEP_LEARNING_MODULE(Mine)
)module";

}  // namespace

Result<void> WriteModuleTemplate(const std::filesystem::path& file) {
  return WriteNewFile(file, kTemplate, "give another name: delstep new module FILE.cpp");
}

}  // namespace delstep
