#pragma once
/// A model of your own in ordinary LibTorch, and if you like its loss, its optimizer and its data:
/// one C++ file, which `delstep FILE.cpp` compiles and runs. `delstep new module` writes one to
/// begin with; docs/guide/learning-module.md explains.
///
///   struct Net : torch::nn::Module { ...; torch::Tensor forward(torch::Tensor x); };
///
///   class Mine : public delstep::LearningModule<Net> {
///    public:
///     std::shared_ptr<Net> MakeModel(const delstep::DataDescription& data) override {
///       return std::make_shared<Net>(data.classes);
///     }
///   };
///   DELSTEP_LEARNING_MODULE(Mine)
///
/// What a node has learnt lies in the parameters and buffers of its net (float32; buffers int64
/// too), nowhere else: the program has one net per thread and lays it over the nodes in turn. A
/// member that forward() changes is lost, unless it is a registered buffer that is changed in
/// place.
///
/// What else may be overridden: the loss, how correct answers are counted, the optimizer, and the
/// data. Where you leave one out, the keys of the scenario decide: `training.optimizer`,
/// `data.name`, ...
///
/// Randomness: dropout draws from the node's own stream, and initial parameters are drawn, in
/// MakeModel(), from LibTorch's generator seeded for the node. So runs repeat.
/// Numbers: while a node trains or is tested, floats below 2^-126 (1.2e-38) count as 0, as after
/// torch.set_flush_denormal(True).
/// Threads: an object of your class and its net are used by one thread at a time; there are
/// several. Errors: throw; what is thrown fails the command, which then says what() and changes no
/// node.
#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "delstep/learner.h"
#include "delstep/torch/module_entry.h"

namespace delstep {

/// What a model is made for: the shape of one input, without the batch, and how many scores per
/// input are expected. All nodes of a run have the same. Build layers from it rather than from
/// fixed numbers: then the same file works for MNIST, CIFAR and `blobs`.
struct DataDescription {
  std::vector<std::int64_t> example_shape;  ///< {1, 28, 28}: channels first
  std::int64_t classes = 0;
  /// Above 0: inputs are int64 ids of tokens, whole numbers below this; else they are float32.
  std::int64_t tokens = 0;
  /// Numbers per input: the product of example_shape.
  std::int64_t features() const {
    std::int64_t product = 1;
    for (const std::int64_t extent : example_shape) product *= extent;
    return product;
  }
};

/// A data set of your own, which `data.name=module` deals to the nodes. The test part may be left
/// out: leave its two tensors undefined.
struct TensorData {
  /// [examples, shape...]: uint8 (the net then sees value / 255, or what `data.scale` says),
  /// float32, or int64 tokens.
  torch::Tensor train_features, test_features;
  torch::Tensor train_labels, test_labels;  ///< [examples] int64, from 0 to classes - 1
  std::int64_t classes = 0;
  std::int64_t tokens = 0;               ///< as in DataDescription
  std::vector<std::string> class_names;  ///< one per class, or none
};

/// What the program sees of a learning module, whatever its net. Derive from LearningModule<Net>
/// instead: it knows your net's type, and turns the two functions with Any in their names into
/// MakeModel() and Forward().
class LearningModuleBase {
 public:
  virtual ~LearningModuleBase() = default;

  virtual std::shared_ptr<torch::nn::Module> MakeAnyModel(const DataDescription& data) = 0;
  virtual torch::Tensor ForwardAny(torch::nn::Module& model, const torch::Tensor& input) = 0;

  /// A scalar, the mean over the batch; `target` is int64 [batch]. Training takes its gradient, and
  /// tests report its mean over all examples. It must not change the net.
  virtual torch::Tensor Loss(const torch::Tensor& output, const torch::Tensor& target) {
    return torch::nn::functional::cross_entropy(output, target);
  }
  /// How many examples of the batch are right, from 0 to the size of the batch: what the accuracy
  /// is made of. Override it where the highest score is not the answer.
  virtual std::int64_t CountCorrect(const torch::Tensor& output, const torch::Tensor& target) {
    return output.argmax(1).eq(target).sum().item<std::int64_t>();
  }
  /// An SGD, Adam, AdamW, RMSprop or Adagrad of torch::optim over `parameters`, made for each
  /// `train` of a node; what it remembers stays with the node. Null: the one that
  /// `training.optimizer` names.
  virtual std::unique_ptr<torch::optim::Optimizer> MakeOptimizer(
      const std::vector<torch::Tensor>& parameters, const TrainOptions& options) {
    static_cast<void>(parameters);
    static_cast<void>(options);
    return nullptr;
  }
  /// Called once a run where `data.name` is `module`, which it is by itself with `delstep FILE.cpp`
  /// where the file overrides this.
  virtual TensorData LoadData() { return {}; }
};

/// What you derive from, and the only function that you must write is MakeModel().
///
/// Net is a torch::nn::Module with `torch::Tensor forward(torch::Tensor)`; it may be
/// torch::nn::SequentialImpl.
template <class Net>
class LearningModule : public LearningModuleBase {
 public:
  static_assert(std::is_base_of_v<torch::nn::Module, Net>, "Net must be a torch::nn::Module");

  /// A new net, its parameters drawn. Each call makes the same structure: the same names, shapes
  /// and types in the same order, since nodes exchange and average them.
  virtual std::shared_ptr<Net> MakeModel(const DataDescription& data) = 0;
  /// From inputs [batch, shape...] to scores (logits) [batch, classes], or what Loss() and
  /// CountCorrect() expect.
  virtual torch::Tensor Forward(Net& net, const torch::Tensor& input) { return net.forward(input); }

  std::shared_ptr<torch::nn::Module> MakeAnyModel(const DataDescription& data) final {
    return MakeModel(data);
  }
  torch::Tensor ForwardAny(torch::nn::Module& model, const torch::Tensor& input) final {
    return Forward(dynamic_cast<Net&>(model), input);  // Module may be a virtual base
  }
};

/// Whether the class overrides LoadData(): then `delstep FILE.cpp` uses its data.
template <class Module>
inline constexpr bool kHasOwnData =
    !std::is_same_v<decltype(&Module::LoadData), TensorData (LearningModuleBase::*)()>;

}  // namespace delstep

/// Once, at the end of the file: makes `Module`, which derives from LearningModule and can be made
/// without arguments, the one that the program uses.
#define DELSTEP_LEARNING_MODULE(Module)                                                     \
  extern "C" {                                                                              \
  extern const ::delstep::LearningModuleEntry delstep_learning_module;                      \
  const ::delstep::LearningModuleEntry delstep_learning_module = {                          \
      ::delstep::kLearningModuleInterface, TORCH_VERSION, ::delstep::kHasOwnData<Module>,   \
      []() -> void* { return static_cast<::delstep::LearningModuleBase*>(new Module()); }}; \
  }
