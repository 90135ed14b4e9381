#include "learning/tensorflow/node_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "learning/jobs.h"

namespace delstep {
namespace {

/// Two words of a row hold an integer.
std::int64_t IntegerAt(const float* words) {
  std::int64_t value;
  std::memcpy(&value, words, sizeof value);
  return value;
}

std::int64_t IntegerIn(const TF_Tensor* tensor, std::size_t i) {
  const void* data = TF_TensorData(tensor);
  switch (TF_TensorType(tensor)) {
    case TF_INT32:
      return static_cast<const std::int32_t*>(data)[i];
    case TF_UINT32:
      return static_cast<const std::uint32_t*>(data)[i];
    default:
      return static_cast<const std::int64_t*>(data)[i];
  }
}

void PutInteger(TF_Tensor* tensor, std::size_t i, std::int64_t value) {
  void* data = TF_TensorData(tensor);
  switch (TF_TensorType(tensor)) {
    case TF_INT32:
    case TF_UINT32:
      static_cast<std::uint32_t*>(data)[i] = static_cast<std::uint32_t>(value);
      break;
    default:
      static_cast<std::int64_t*>(data)[i] = value;
  }
}

/// A copy: a tensor of TensorFlow owns its memory, and a session may keep it after the call.
Tensor FromRow(const TensorSpec& spec, TF_DataType type, std::span<const float> row) {
  Tensor tensor = MakeTensor(type, spec.shape);
  const float* from = row.data() + spec.offset;
  if (spec.role != TensorSpec::Role::kRaw)
    std::copy_n(from, spec.floats, static_cast<float*>(TF_TensorData(tensor.get())));
  else
    for (std::size_t i = 0; i < spec.floats / 2; ++i)
      PutInteger(tensor.get(), i, IntegerAt(from + 2 * i));
  return tensor;
}

void IntoRow(const TensorSpec& spec, const TF_Tensor* tensor, std::span<float> row) {
  float* to = row.data() + spec.offset;
  if (spec.role != TensorSpec::Role::kRaw) {
    std::copy_n(static_cast<const float*>(TF_TensorData(tensor)), spec.floats, to);
    return;
  }
  for (std::size_t i = 0; i < spec.floats / 2; ++i) {
    const std::int64_t value = IntegerIn(tensor, i);
    std::memcpy(to + 2 * i, &value, sizeof value);
  }
}

Tensor Labels(TF_DataType type, const Dataset& data, std::span<const std::uint32_t> examples,
              std::optional<std::int32_t> label = {}) {
  Tensor labels = MakeTensor(type, {static_cast<std::int64_t>(examples.size())});
  for (std::size_t i = 0; i < examples.size(); ++i)
    PutInteger(labels.get(), i, label.value_or(data.labels[examples[i]]));
  return labels;
}

void ReadExample(const Dataset& data, std::size_t example, std::span<float> out) {
  const std::size_t at = example * out.size();
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = data.bytes.empty() ? data.floats[at + i]
                                : data.scale * static_cast<float>(data.bytes[at + i]) + data.shift;
}

/// A graph need not tell the shapes of its outputs before it runs.
Result<void> RequireOne(const char* output, const Tensor& tensor) {
  if (const std::int64_t numbers = TF_TensorElementCount(tensor.get()); numbers != 1)
    return Refused(fmt::format("`{}` of the model is {} numbers, expected one for the whole batch",
                               output, numbers));
  return {};
}

Result<double> LossIn(const Tensor& tensor) {
  DELSTEP_TRY(RequireOne("loss", tensor));
  return double{*static_cast<const float*>(TF_TensorData(tensor.get()))};
}

Result<std::int64_t> CorrectIn(const Tensor& tensor, std::size_t examples) {
  DELSTEP_TRY(RequireOne("correct", tensor));
  const std::int64_t correct = IntegerIn(tensor.get(), 0);
  if (std::string why = WhyNoCount("`correct` of the model's evaluate", correct, examples);
      !why.empty())
    return Refused(std::move(why));
  return correct;
}

}  // namespace

NodeSession::NodeSession(std::unique_ptr<SavedModel> loaded, ExportedCalls calls,
                         const ExportedModel& model)
    : loaded_(std::move(loaded)), calls_(std::move(calls)), model_(model) {}

Result<std::unique_ptr<NodeSession>> NodeSession::Open(const std::string& folder,
                                                       const ExportedModel& model) {
  DELSTEP_ASSIGN(std::unique_ptr<SavedModel> loaded, SavedModel::Load(folder));
  return Make(std::move(loaded), model);
}

Result<std::unique_ptr<NodeSession>> NodeSession::Make(std::unique_ptr<SavedModel> loaded,
                                                       const ExportedModel& model) {
  DELSTEP_ASSIGN(ExportedCalls calls, FindCalls(*loaded));
  return std::unique_ptr<NodeSession>(new NodeSession(std::move(loaded), std::move(calls), model));
}

Result<void> NodeSession::Set(const SignatureCall& call, const RowLayout& layout,
                              std::span<const float> row) {
  if (layout.tensors.empty()) return {};
  std::vector<Tensor> tensors;
  std::vector<TF_Tensor*> inputs;
  for (std::size_t i = 0; i < layout.tensors.size(); ++i) {
    const TF_DataType type = &layout == &model_.layout.state ? model_.state_types[i] : TF_FLOAT;
    inputs.push_back(tensors.emplace_back(FromRow(layout.tensors[i], type, row)).get());
  }
  DELSTEP_TRY(loaded_->Run(call, inputs));
  return {};
}

Result<void> NodeSession::Get(const SignatureCall& call, const RowLayout& layout,
                              std::span<float> row) {
  if (layout.tensors.empty()) return {};
  DELSTEP_ASSIGN(const std::vector<Tensor> tensors, loaded_->Run(call, {}));
  // Gaps must hold 0.
  std::ranges::fill(row, 0.0f);
  for (std::size_t i = 0; i < tensors.size(); ++i)
    IntoRow(layout.tensors[i], tensors[i].get(), row);
  return {};
}

Result<void> NodeSession::Write(std::span<const float> model, std::span<const float> state) {
  DELSTEP_TRY(WriteWeights(model));
  return Set(calls_.set_state, model_.layout.state, state);
}

Result<void> NodeSession::WriteWeights(std::span<const float> model) {
  return Set(calls_.set_weights, model_.layout.model, model);
}

Result<void> NodeSession::Read(std::span<float> model, std::span<float> state) {
  DELSTEP_TRY(Get(calls_.get_weights, model_.layout.model, model));
  return Get(calls_.get_state, model_.layout.state, state);
}

Tensor NodeSession::Features(const Dataset& data, std::span<const std::uint32_t> examples) const {
  std::vector<std::int64_t> shape = {static_cast<std::int64_t>(examples.size())};
  shape.insert(shape.end(), model_.input.shape.begin(), model_.input.shape.end());
  Tensor features = MakeTensor(model_.input.type, shape);
  const std::size_t size = data.example_size;
  // The common case goes straight into the tensor.
  const bool as_they_are = model_.input.type == TF_FLOAT && model_.input.order.empty();
  example_.resize(size);
  for (std::size_t e = 0; e < examples.size(); ++e) {
    auto* floats = static_cast<float*>(TF_TensorData(features.get())) + e * size;
    if (as_they_are) {
      ReadExample(data, examples[e], {floats, size});
      continue;
    }
    ReadExample(data, examples[e], example_);
    for (std::size_t i = 0; i < size; ++i) {
      const float value = example_[model_.input.order.empty() ? i : model_.input.order[i]];
      if (model_.input.type == TF_FLOAT)
        floats[i] = value;
      else
        PutInteger(features.get(), e * size + i, static_cast<std::int64_t>(value));
    }
  }
  return features;
}

Result<double> NodeSession::TrainBatch(const Dataset& data, std::span<const std::uint32_t> examples,
                                       double rate) {
  const Tensor x = Features(data, examples), y = Labels(calls_.label_type, data, examples);
  const Tensor lr = MakeTensor(TF_FLOAT, {});
  *static_cast<float*>(TF_TensorData(lr.get())) = static_cast<float>(rate);
  std::vector<TF_Tensor*> inputs(calls_.train.inputs.size());
  inputs[calls_.train_x] = x.get();
  inputs[calls_.train_y] = y.get();
  if (calls_.takes_rate) inputs[calls_.train_lr] = lr.get();
  DELSTEP_ASSIGN(const std::vector<Tensor> outputs, loaded_->Run(calls_.train, inputs));
  return LossIn(outputs[calls_.train_loss]);
}

Result<BatchResult> NodeSession::EvaluateBatch(const Dataset& data,
                                               std::span<const std::uint32_t> examples,
                                               std::optional<std::int32_t> label) {
  const Tensor x = Features(data, examples);
  const Tensor y = Labels(calls_.evaluate_label_type, data, examples, label);
  std::vector<TF_Tensor*> inputs(calls_.evaluate.inputs.size());
  inputs[calls_.evaluate_x] = x.get();
  inputs[calls_.evaluate_y] = y.get();
  DELSTEP_ASSIGN(const std::vector<Tensor> outputs, loaded_->Run(calls_.evaluate, inputs));
  BatchResult result;
  DELSTEP_ASSIGN(result.loss, LossIn(outputs[calls_.evaluate_loss]));
  DELSTEP_ASSIGN(result.correct, CorrectIn(outputs[calls_.evaluate_correct], examples.size()));
  return result;
}

}  // namespace delstep
