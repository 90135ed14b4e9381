#include "learning/torch/module_data.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <memory>
#include <utility>

namespace delstep {
namespace {

/// Ids of tokens lie in floats, which hold every whole number up to here.
constexpr std::int64_t kMostTokens = std::int64_t{1} << 24;

/// The memory behind a data set, and the data set.
struct OwnedTensors {
  torch::Tensor features, labels;
};

std::string SizesOf(const torch::Tensor& tensor) {
  return tensor.defined() ? fmt::format("[{}]", fmt::join(tensor.sizes(), ", ")) : "not set";
}

bool IsPair(const torch::Tensor& features, const torch::Tensor& labels) {
  return features.defined() && labels.defined() && features.dim() >= 2 && labels.dim() == 1 &&
         features.size(0) == labels.size(0) && features.numel() > 0;
}

Result<void> CheckTensors(const TensorData& data) {
  if (!IsPair(data.train_features, data.train_labels))
    return BadModuleData(
        fmt::format("LoadData() must set train_features [examples, shape...], no extent of it 0, "
                    "and train_labels [examples]; they are {} and {}",
                    SizesOf(data.train_features), SizesOf(data.train_labels)));
  const bool has_test = data.test_features.defined() || data.test_labels.defined();
  if (has_test && (!IsPair(data.test_features, data.test_labels) ||
                   data.test_features.sizes().slice(1) != data.train_features.sizes().slice(1) ||
                   data.test_features.scalar_type() != data.train_features.scalar_type()))
    return BadModuleData(
        "the test part must have features of the type and shape of the training part, "
        "and a label for each");
  for (const torch::Tensor* tensor :
       {&data.train_features, &data.train_labels, &data.test_features, &data.test_labels}) {
    if (!tensor->defined()) continue;
    const auto type = tensor->scalar_type();
    if (!torch::isIntegralType(type, /*includeBool=*/true) && !torch::isFloatingType(type))
      return BadModuleData(
          fmt::format("LoadData() brings tensors of {}, expected real numbers", toString(type)));
  }
  return {};
}

Result<void> CheckCounts(const TensorData& data) {
  if (data.classes < 1 || data.classes > INT32_MAX)
    return BadModuleData(
        fmt::format("LoadData() sets classes to {}, expected at least 1", data.classes));
  if (data.tokens < 0 || data.tokens > kMostTokens)
    return BadModuleData(
        fmt::format("LoadData() sets tokens to {}, expected 0 for features that "
                    "are numbers, or how many tokens there are, up to {}",
                    data.tokens, kMostTokens));
  if (!data.class_names.empty() &&
      data.class_names.size() != static_cast<std::size_t>(data.classes))
    return BadModuleData(
        fmt::format("{} class names for {} classes", data.class_names.size(), data.classes));
  return {};
}

/// Classes or ids of tokens. They are looked at as they came: a cast to integers would cut them off.
Result<void> CheckNumbers(const char* name, const torch::Tensor& tensor, const char* of,
                          std::int64_t end) {
  if (!tensor.defined()) return {};
  const torch::Tensor numbers =
      tensor.detach()
          .to(torch::kCPU, tensor.is_floating_point() ? torch::kFloat64 : torch::kInt64)
          .flatten();
  torch::Tensor fits = numbers.ge(0).logical_and(numbers.lt(end));
  if (numbers.is_floating_point()) fits = fits.logical_and(numbers.eq(numbers.trunc()));
  if (fits.all().item<bool>()) return {};
  const torch::Tensor first = numbers[fits.logical_not().nonzero()[0].item<std::int64_t>()];
  return BadModuleData(
      fmt::format("{} of LoadData() hold {}, expected whole numbers from 0 to {} "
                  "({} is {})",
                  name, first.item<double>(), end - 1, of, end));
}

/// Both parts, the training part first.
torch::Tensor Joined(const torch::Tensor& train, const torch::Tensor& test, torch::Dtype type) {
  const torch::Tensor all = test.defined() ? torch::cat({train, test}) : train;
  return all.detach().to(torch::kCPU, type).contiguous();
}

}  // namespace

Error BadModuleData(const std::string& what, std::string hint) {
  return UsageError("data.name = module: " + what, std::move(hint)).About("data.name");
}

Result<LoadedData> TakeModuleData(const TensorData& brought) {
  DELSTEP_TRY(CheckTensors(brought));
  DELSTEP_TRY(CheckCounts(brought));
  DELSTEP_TRY(CheckNumbers("train_labels", brought.train_labels, "classes", brought.classes));
  DELSTEP_TRY(CheckNumbers("test_labels", brought.test_labels, "classes", brought.classes));
  if (brought.tokens > 0) {
    DELSTEP_TRY(CheckNumbers("train_features", brought.train_features, "tokens", brought.tokens));
    DELSTEP_TRY(CheckNumbers("test_features", brought.test_features, "tokens", brought.tokens));
  }
  const bool has_bytes =
      brought.train_features.scalar_type() == torch::kUInt8 && brought.tokens == 0;
  const auto owned = std::make_shared<OwnedTensors>();
  owned->features = Joined(brought.train_features, brought.test_features,
                           has_bytes ? torch::kUInt8 : torch::kFloat32);
  owned->labels = Joined(brought.train_labels, brought.test_labels, torch::kInt32);
  const torch::Tensor& features = owned->features;
  if (!has_bytes && !features.isfinite().all().item<bool>())
    return BadModuleData("a feature is infinite or not a number");

  LoadedData loaded;
  loaded.name = "module";
  Dataset& dataset = loaded.dataset;
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
  dataset.classes = static_cast<std::int32_t>(brought.classes);
  dataset.tokens = static_cast<std::int32_t>(brought.tokens);
  loaded.train_examples = static_cast<std::size_t>(brought.train_labels.size(0));
  loaded.class_names = brought.class_names;
  loaded.owner = owned;
  return loaded;
}

}  // namespace delstep
