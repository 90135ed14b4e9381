#include "learning/torch/models/convolutional.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "learning/torch/models/builtin_net.h"

namespace delstep {
namespace {

using torch::nn::BatchNorm2d;
using torch::nn::Conv2d;
using torch::nn::Conv2dOptions;
using torch::nn::Linear;

torch::Tensor Pool(const torch::Tensor& x) { return torch::max_pool2d(x, 2); }

/// Two convolutions of 5 x 5 that keep the size, each halved by pooling, then 512 neurons.
class Cnn : public torch::nn::Module {
 public:
  explicit Cnn(const NetInput& input)
      : conv1_(register_module("conv1", Conv2d(Conv2dOptions(input.shape[0], 32, 5).padding(2)))),
        conv2_(register_module("conv2", Conv2d(Conv2dOptions(32, 64, 5).padding(2)))),
        fc1_(register_module(
            "fc1", Linear(64 * (input.shape[1] / 2 / 2) * (input.shape[2] / 2 / 2), 512))),
        fc2_(register_module("fc2", Linear(512, input.classes))) {}

  torch::Tensor forward(torch::Tensor x) {
    x = Pool(torch::relu(conv1_(x)));
    x = Pool(torch::relu(conv2_(x)));
    return fc2_(torch::relu(fc1_(x.flatten(1))));
  }

 private:
  Conv2d conv1_, conv2_;
  Linear fc1_, fc2_;
};

/// Made for pictures of 32 x 32; smaller ones get a border, as MNIST did in the paper.
class LeNet : public torch::nn::Module {
 public:
  explicit LeNet(const NetInput& input)
      : padding_(input.shape[1] < 32 ? 2 : 0),
        conv1_(register_module("conv1",
                               Conv2d(Conv2dOptions(input.shape[0], 6, 5).padding(padding_)))),
        conv2_(register_module("conv2", Conv2d(Conv2dOptions(6, 16, 5)))),
        fc1_(register_module("fc1", Linear(16 * Left(input.shape[1]) * Left(input.shape[2]), 120))),
        fc2_(register_module("fc2", Linear(120, 84))),
        fc3_(register_module("fc3", Linear(84, input.classes))) {}

  torch::Tensor forward(torch::Tensor x) {
    x = Pool(torch::relu(conv1_(x)));
    x = Pool(torch::relu(conv2_(x)));
    x = torch::relu(fc1_(x.flatten(1)));
    return fc3_(torch::relu(fc2_(x)));
  }

 private:
  /// What two convolutions without padding and two poolings leave of a side.
  std::int64_t Left(std::int64_t side) const { return ((side + 2 * padding_ - 4) / 2 - 4) / 2; }

  std::int64_t padding_;
  Conv2d conv1_, conv2_;
  Linear fc1_, fc2_, fc3_;
};

/// No bias: the batch norm after it has one.
Conv2d Conv3x3(std::int64_t in, std::int64_t out, std::int64_t stride) {
  return Conv2d(Conv2dOptions(in, out, 3).stride(stride).padding(1).bias(false));
}

/// Two convolutions with batch norm, and around them a shortcut that costs no parameters.
class Block : public torch::nn::Module {
 public:
  Block(std::int64_t in, std::int64_t out, std::int64_t stride)
      : stride_(stride),
        more_(out - in),
        conv1_(register_module("conv1", Conv3x3(in, out, stride))),
        bn1_(register_module("bn1", BatchNorm2d(out))),
        conv2_(register_module("conv2", Conv3x3(out, out, 1))),
        bn2_(register_module("bn2", BatchNorm2d(out))) {}

  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor y = bn2_(conv2_(torch::relu(bn1_(conv1_(x)))));
    return torch::relu(y + Shortcut(x));
  }

 private:
  /// Every other pixel, and channels of 0 on both sides.
  torch::Tensor Shortcut(const torch::Tensor& x) const {
    if (stride_ == 1 && more_ == 0) return x;
    using torch::indexing::None;
    using torch::indexing::Slice;
    const torch::Tensor thinned =
        x.index({Slice(), Slice(), Slice(None, None, stride_), Slice(None, None, stride_)});
    return torch::constant_pad_nd(thinned, {0, 0, 0, 0, more_ / 2, more_ - more_ / 2});
  }

  std::int64_t stride_, more_;
  Conv2d conv1_;
  BatchNorm2d bn1_;
  Conv2d conv2_;
  BatchNorm2d bn2_;
};

class ResNet20 : public torch::nn::Module {
 public:
  explicit ResNet20(const NetInput& input)
      : conv1_(register_module("conv1", Conv3x3(input.shape[0], 16, 1))),
        bn1_(register_module("bn1", BatchNorm2d(16))),
        layer1_(register_module("layer1", Stage(16, 16))),
        layer2_(register_module("layer2", Stage(16, 32))),
        layer3_(register_module("layer3", Stage(32, 64))),
        fc_(register_module("fc", Linear(64, input.classes))) {}

  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(bn1_(conv1_(x)));
    x = layer3_->forward(layer2_->forward(layer1_->forward(x)));
    return fc_(x.mean({2, 3}));
  }

 private:
  static torch::nn::Sequential Stage(std::int64_t in, std::int64_t out) {
    // Three blocks; the first halves the side where the channels double.
    torch::nn::Sequential stage;
    stage->push_back(std::make_shared<Block>(in, out, in == out ? 1 : 2));
    for (int i = 1; i < 3; ++i) stage->push_back(std::make_shared<Block>(out, out, 1));
    return stage;
  }

  Conv2d conv1_;
  BatchNorm2d bn1_;
  torch::nn::Sequential layer1_, layer2_, layer3_;
  Linear fc_;
};

}  // namespace

Result<MakeNet> ConvolutionalNet(const Scenario& scenario, const NetInput& input) {
  const std::string& name = scenario.model.name;
  const std::int64_t least = name == "lenet" ? 16 : name == "cnn" ? 4 : 1;
  if (input.tokens > 0 || input.shape.size() != 3)
    return UsageError(
               fmt::format("model.name '{}' learns pictures; an example of data.name '{}' is {}",
                           name, scenario.data.name,
                           input.tokens > 0
                               ? "a sequence of tokens"
                               : fmt::format("of shape {}", fmt::join(input.shape, " x "))),
               input.tokens > 0 ? "choose model.name lstm" : "choose model.name mlp or logreg")
        .About("model.name");
  if (input.shape[1] < least || input.shape[2] < least)
    return UsageError(
               fmt::format("model.name '{}' needs pictures of at least {} x {} pixels; those of "
                           "data.name '{}' have {} x {}",
                           name, least, least, scenario.data.name, input.shape[1], input.shape[2]),
               "choose model.name mlp, or larger pictures")
        .About("model.name");
  if (name == "cnn") return MakerOf<Cnn>(input);
  if (name == "lenet") return MakerOf<LeNet>(input);
  return MakerOf<ResNet20>(input, Start::kHe);
}

}  // namespace delstep
