#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "base/user_code.h"
#include "delstep/torch/learning_module.h"
#include "learning/torch/user_nets.h"
#include "user_models/user_models.h"

namespace delstep {
namespace {

using Maker = std::unique_ptr<LearningModuleBase>;

/// Of a library's long message the first line.
Error Thrown(const std::string& file, std::string_view where, const std::exception& error) {
  std::string text = error.what();
  if (const auto* of_library = dynamic_cast<const c10::Error*>(&error))
    text = of_library->what_without_backtrace();
  // The trace behind the first line is LibTorch's, and tells the user nothing.
  return UsageError(fmt::format("model.file = {}: {} throws: {}", file, where,
                                text.substr(0, text.find('\n'))))
      .About("model.file");
}

/// Calls the user's code. Whatever it throws becomes an exception that the learner understands; a
/// crash names the file.
template <class Call>
auto Guarded(const std::string& file, const char* doing, Call call) {
  const UserCode running(file, doing);
  try {
    return call();
  } catch (const std::exception&) {
    throw;
  } catch (...) {
    throw std::runtime_error("something that is no std::exception");
  }
}

class LearningModuleNet final : public Net {
 public:
  LearningModuleNet(std::string file, Maker maker, std::shared_ptr<torch::nn::Module> net)
      : file_(std::move(file)), maker_(std::move(maker)), net_(std::move(net)) {}

  const std::string& UserFile() const override { return file_; }

  std::vector<NamedTensor> Parameters() override { return ListOf(net_->named_parameters()); }
  std::vector<NamedTensor> Buffers() override { return ListOf(net_->named_buffers()); }
  torch::Tensor Forward(const torch::Tensor& input) override {
    return Guarded(file_, "forward()", [&] { return maker_->ForwardAny(*net_, input); });
  }
  torch::Tensor Loss(const torch::Tensor& output, const torch::Tensor& target) override {
    return Guarded(file_, "Loss()", [&] { return maker_->Loss(output, target); });
  }
  std::int64_t CountCorrect(const torch::Tensor& output, const torch::Tensor& target) override {
    return Guarded(file_, "CountCorrect()", [&] { return maker_->CountCorrect(output, target); });
  }
  void SetTraining(bool training) override { net_->train(training); }
  std::unique_ptr<torch::optim::Optimizer> MakeOptimizer(
      const std::vector<torch::Tensor>& parameters, const TrainOptions& options) override {
    return Guarded(file_, "MakeOptimizer()",
                   [&] { return maker_->MakeOptimizer(parameters, options); });
  }

 private:
  static std::vector<NamedTensor> ListOf(
      const torch::OrderedDict<std::string, torch::Tensor>& list) {
    std::vector<NamedTensor> tensors;
    for (const auto& entry : list) tensors.push_back({entry.key(), entry.value()});
    return tensors;
  }

  std::string file_;
  Maker maker_;
  std::shared_ptr<torch::nn::Module> net_;
};

/// Throws what the constructor of the user's class throws.
Maker Make(const LearningModuleEntry& entry, const std::string& file) {
  return Guarded(file, "the constructor of its class",
                 [&] { return Maker(static_cast<LearningModuleBase*>(entry.make())); });
}

Error BadData(const std::string& what, std::string hint = {}) {
  return UsageError("data.name = module: " + what, std::move(hint)).About("data.name");
}

/// The memory behind a data set, and the data set.
struct OwnedTensors {
  torch::Tensor features, labels;
};

bool IsPair(const torch::Tensor& features, const torch::Tensor& labels) {
  return features.defined() && labels.defined() && features.dim() >= 2 && labels.dim() == 1 &&
         features.size(0) == labels.size(0) && features.size(0) > 0;
}

Result<void> CheckTensors(const TensorData& data) {
  if (!IsPair(data.train_features, data.train_labels))
    return BadData(
        "LoadData() must set train_features [examples, shape...] and train_labels "
        "[examples]");
  if (!data.test_features.defined() && !data.test_labels.defined()) return {};
  if (!IsPair(data.test_features, data.test_labels) ||
      data.test_features.sizes().slice(1) != data.train_features.sizes().slice(1) ||
      data.test_features.scalar_type() != data.train_features.scalar_type())
    return BadData(
        "the test part must have features of the type and shape of the training part, "
        "and a label for each");
  return {};
}

/// Both parts, the training part first.
torch::Tensor Joined(const torch::Tensor& train, const torch::Tensor& test, torch::Dtype type) {
  const torch::Tensor all = test.defined() ? torch::cat({train, test}) : train;
  return all.detach().to(torch::kCPU, type).contiguous();
}

Result<void> CheckValues(const TensorData& data, const OwnedTensors& owned) {
  const torch::Tensor labels = Joined(data.train_labels, data.test_labels, torch::kInt64);
  if (data.classes < 1 || data.classes > INT32_MAX)
    return BadData(fmt::format("LoadData() sets classes to {}", data.classes));
  const auto smallest = labels.min().item<std::int64_t>();
  const auto largest = labels.max().item<std::int64_t>();
  if (smallest < 0 || largest >= data.classes)
    return BadData(fmt::format("labels go from {} to {}, beyond the {} classes", smallest, largest,
                               data.classes));
  if (!data.class_names.empty() &&
      data.class_names.size() != static_cast<std::size_t>(data.classes))
    return BadData(
        fmt::format("{} class names for {} classes", data.class_names.size(), data.classes));
  if (owned.features.scalar_type() == torch::kUInt8) return {};
  if (!owned.features.isfinite().all().item<bool>())
    return BadData("a feature is infinite or not a number");
  if (data.tokens > 0 && !(owned.features.min().item<float>() >= 0 &&
                           owned.features.max().item<float>() < static_cast<float>(data.tokens)))
    return BadData(fmt::format("token ids must go from 0 to tokens - 1 = {}", data.tokens - 1));
  return {};
}

Result<LoadedData> ToLoadedData(const TensorData& data) {
  DELSTEP_TRY(CheckTensors(data));
  const bool has_bytes = data.train_features.scalar_type() == torch::kUInt8 && data.tokens == 0;
  const auto owned = std::make_shared<OwnedTensors>();
  owned->features =
      Joined(data.train_features, data.test_features, has_bytes ? torch::kUInt8 : torch::kFloat32);
  owned->labels = Joined(data.train_labels, data.test_labels, torch::kInt32);
  DELSTEP_TRY(CheckValues(data, *owned));

  LoadedData loaded;
  loaded.name = "module";
  Dataset& dataset = loaded.dataset;
  const torch::Tensor& features = owned->features;
  dataset.example_shape = features.sizes().slice(1).vec();
  dataset.example_size = static_cast<std::size_t>(features.numel() / features.size(0));
  const auto count = static_cast<std::size_t>(features.numel());
  if (has_bytes)
    dataset.bytes = {features.data_ptr<std::uint8_t>(), count};
  else
    dataset.floats = {features.data_ptr<float>(), count};
  if (!has_bytes) dataset.scale = 1;
  dataset.labels = {owned->labels.data_ptr<std::int32_t>(),
                    static_cast<std::size_t>(owned->labels.numel())};
  dataset.classes = static_cast<std::int32_t>(data.classes);
  dataset.tokens = static_cast<std::int32_t>(data.tokens);
  loaded.train_examples = static_cast<std::size_t>(data.train_labels.size(0));
  loaded.class_names = data.class_names;
  loaded.owner = owned;
  return loaded;
}

}  // namespace

Result<MakeNet> MakeLearningModuleNets(const ModelOptions& model, const NetInput& input) {
  DELSTEP_ASSIGN(const LearningModuleEntry* entry, LoadLearningModule(model.file));
  const DataDescription description{input.shape, input.classes, input.tokens};
  return MakeNet([entry, description, file = model.file]() -> Result<std::unique_ptr<Net>> {
    try {
      Maker maker = Make(*entry, file);
      auto net = Guarded(file, "MakeModel()", [&] { return maker->MakeAnyModel(description); });
      if (!net)
        return UsageError(fmt::format("model.file = {}: MakeModel() returns no model", file))
            .About("model.file");
      return std::unique_ptr<Net>(
          std::make_unique<LearningModuleNet>(file, std::move(maker), std::move(net)));
    } catch (const std::exception& error) {
      return Thrown(file, "MakeModel()", error);
    }
  });
}

Result<LoadedData> LoadLearningModuleData(const Scenario& scenario) {
  const std::string& file = scenario.model.file;
  DELSTEP_ASSIGN(const LearningModuleEntry* entry, LoadLearningModule(file));
  if (!entry->has_data)
    return BadData(fmt::format("'{}' brings no data set", file),
                   "override LoadData() in it, or choose another data.name");
  try {
    // LoadData() may draw: the same seed gives the same data.
    torch::manual_seed(scenario.seed);
    const Maker maker = Make(*entry, file);
    const TensorData brought = Guarded(file, "LoadData()", [&] { return maker->LoadData(); });
    DELSTEP_ASSIGN(LoadedData loaded, ToLoadedData(brought));
    loaded.files = {file};
    return loaded;
  } catch (const std::exception& error) {
    return Thrown(file, "LoadData()", error);
  }
}

}  // namespace delstep
