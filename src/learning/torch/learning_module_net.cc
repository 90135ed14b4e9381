#include <fmt/format.h>

#include <memory>
#include <stdexcept>

#include "base/user_code.h"
#include "delstep/torch/learning_module.h"
#include "learning/torch/module_data.h"
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
    return BadModuleData(fmt::format("'{}' brings no data set", file),
                         "override LoadData() in it, or choose another data.name");
  try {
    // LoadData() may draw: the same seed gives the same data.
    torch::manual_seed(scenario.seed);
    const Maker maker = Make(*entry, file);
    const TensorData brought = Guarded(file, "LoadData()", [&] { return maker->LoadData(); });
    DELSTEP_ASSIGN(LoadedData loaded, TakeModuleData(brought));
    loaded.files = {file};
    return loaded;
  } catch (const std::exception& error) {
    return Thrown(file, "LoadData()", error);
  }
}

}  // namespace delstep
