#include "learning/torch/nets.h"

#include <fmt/format.h>

#include "learning/torch/models/builtin_net.h"
#include "learning/torch/models/convolutional.h"
#include "learning/torch/user_nets.h"

namespace delstep {
namespace {

/// What the dense learner computes, with the same names and initial values.
class Perceptron : public torch::nn::Module {
 public:
  Perceptron(const NetInput& input, const ModelOptions& options)
      : is_tanh_(options.activation == "tanh"), dropout_(options.dropout) {
    std::int64_t in = c10::multiply_integers(input.shape);
    const auto add = [&](std::int64_t out) {
      const std::string name = fmt::format("fc{}", layers_.size() + 1);
      layers_.push_back(register_module(name, torch::nn::Linear(in, out)));
      in = out;
    };
    for (const std::size_t width : options.hidden) add(static_cast<std::int64_t>(width));
    add(input.classes);
  }

  torch::Tensor forward(torch::Tensor x) {
    x = x.flatten(1);
    for (std::size_t i = 0; i + 1 < layers_.size(); ++i) {
      x = layers_[i](x);
      x = torch::dropout(is_tanh_ ? x.tanh() : x.relu(), dropout_, is_training());
    }
    return layers_.back()(x);
  }

 private:
  bool is_tanh_;
  double dropout_;
  std::vector<torch::nn::Linear> layers_;
};

/// Embedding, recurrent layers, and scores from what the last token left.
class NextToken : public torch::nn::Module {
 public:
  NextToken(const NetInput& input, const ModelOptions& options)
      : embedding_(register_module(
            "embedding",
            torch::nn::Embedding(input.tokens, static_cast<std::int64_t>(options.embedding)))),
        lstm_(register_module(
            "lstm",
            torch::nn::LSTM(torch::nn::LSTMOptions(static_cast<std::int64_t>(options.embedding),
                                                   static_cast<std::int64_t>(options.units))
                                .num_layers(static_cast<std::int64_t>(options.layers))))),
        fc_(register_module(
            "fc", torch::nn::Linear(static_cast<std::int64_t>(options.units), input.classes))) {}

  torch::Tensor forward(const torch::Tensor& ids) {
    // [batch, sequence] to [sequence, batch, embedding], as nn.LSTM has it.
    const torch::Tensor sequence = embedding_(ids.flatten(1).t());
    return fc_(std::get<0>(lstm_(sequence))[-1]);
  }

 private:
  torch::nn::Embedding embedding_;
  torch::nn::LSTM lstm_;
  torch::nn::Linear fc_;
};

template <class Module>
MakeNet MakerOf(const NetInput& input, const ModelOptions& options) {
  return [=]() -> Result<std::unique_ptr<Net>> {
    return std::make_unique<BuiltinNet<Module>>(std::make_shared<Module>(input, options));
  };
}

/// For `model.learner = torch`: otherwise the dense learner takes these.
Result<MakeNet> PerceptronNet(const Scenario& scenario, const NetInput& input) {
  ModelOptions options = scenario.model;
  if (input.tokens > 0)
    return UsageError(
               fmt::format("model.name '{}' learns numbers; an example of data.name '{}' is a "
                           "sequence of tokens",
                           options.name, scenario.data.name),
               "choose model.name = lstm")
        .About("model.name");
  if (options.name == "logreg") options.hidden.clear();
  return MakerOf<Perceptron>(input, options);
}

Result<MakeNet> SequenceNet(const Scenario& scenario, const NetInput& input) {
  if (input.tokens == 0)
    return UsageError(
               fmt::format("model.name 'lstm' learns sequences of tokens; data.name '{}' has "
                           "none",
                           scenario.data.name),
               "choose data.name text or leaf, or model.name mlp")
        .About("model.name");
  return MakerOf<NextToken>(input, scenario.model);
}

}  // namespace

Result<MakeNet> ChooseNet(const Scenario& scenario, const Dataset& data, c10::Device device) {
  const NetInput input = InputOf(data);
  const std::string& name = scenario.model.name;
  if (name == "mlp" || name == "logreg") return PerceptronNet(scenario, input);
  if (name == "lstm") return SequenceNet(scenario, input);
  if (name == "cnn" || name == "lenet" || name == "resnet20")
    return ConvolutionalNet(scenario, input);
  if (name == "torchscript") return MakeScriptNets(scenario.model, input, device);
  if (name == "module") return MakeLearningModuleNets(scenario.model, input);
  return UsageError(fmt::format("the LibTorch learner has no model.name '{}'", name),
                    "choose one of: mlp, logreg, cnn, lenet, resnet20, lstm, module, torchscript");
}

}  // namespace delstep
