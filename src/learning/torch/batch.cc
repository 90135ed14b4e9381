#include "learning/torch/batch.h"

#include <algorithm>
#include <vector>

namespace delstep {
namespace {

std::vector<std::int64_t> BatchShape(const NetInput& input, std::int64_t size) {
  std::vector<std::int64_t> shape = {size};
  shape.insert(shape.end(), input.shape.begin(), input.shape.end());
  return shape;
}

void GatherIds(const Dataset& dataset, std::size_t begin, std::int64_t* ids) {
  if (dataset.bytes.empty())
    std::transform(
        dataset.floats.begin() + static_cast<std::ptrdiff_t>(begin),
        dataset.floats.begin() + static_cast<std::ptrdiff_t>(begin + dataset.example_size), ids,
        [](float id) { return static_cast<std::int64_t>(id); });
  else
    std::copy_n(dataset.bytes.data() + begin, dataset.example_size, ids);
}

void GatherFloats(const Dataset& dataset, std::size_t begin, const Kernels& kernels, float* to) {
  if (dataset.bytes.empty())
    std::copy_n(dataset.floats.data() + begin, dataset.example_size, to);
  else
    kernels.convert(dataset.example_size, dataset.bytes.data() + begin, dataset.scale,
                    dataset.shift, to);
}

}  // namespace

void Batch::Begin(const Dataset& dataset, std::span<const std::uint32_t> examples) {
  dataset_ = &dataset;
  examples_ = examples;
  if (!facts_.placement.copies) return;
  const torch::Tensor chosen =
      torch::empty({2, static_cast<std::int64_t>(examples.size())}, torch::kLong);
  auto* to = chosen.data_ptr<std::int64_t>();
  to = std::ranges::copy(examples, to).out;
  for (const std::uint32_t example : examples) *to++ = dataset.labels[example];
  chosen_ = chosen.to(facts_.placement.device);
}

void Batch::Take(std::size_t begin, std::size_t size) {
  if (facts_.placement.copies)
    GatherOnDevice(static_cast<std::int64_t>(begin), static_cast<std::int64_t>(size));
  else
    Gather(examples_.subspan(begin, size));
}

// Kept for the largest batch; smaller ones are views of its front.
void Batch::Reserve(std::int64_t size) {
  if (all_inputs_.defined() && all_inputs_.size(0) >= size) return;
  const std::vector<std::int64_t> shape = BatchShape(facts_.input, size);
  all_inputs_ = torch::empty(shape, facts_.input.tokens > 0 ? torch::kLong : torch::kFloat);
  all_targets_ = torch::empty({size}, torch::kLong);
  if (facts_.channels_last)
    all_channels_last_ =
        torch::empty(shape, torch::TensorOptions(), torch::MemoryFormat::ChannelsLast);
}

void Batch::Gather(std::span<const std::uint32_t> examples) {
  const Dataset& dataset = *dataset_;
  const auto size = static_cast<std::int64_t>(examples.size());
  Reserve(size);
  input_ = all_inputs_.narrow(0, 0, size);
  target_ = all_targets_.narrow(0, 0, size);
  auto* targets = target_.data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const std::size_t begin = examples[i] * dataset.example_size, to = i * dataset.example_size;
    if (facts_.input.tokens > 0)
      GatherIds(dataset, begin, input_.data_ptr<std::int64_t>() + to);
    else
      GatherFloats(dataset, begin, *facts_.kernels, input_.data_ptr<float>() + to);
    targets[i] = dataset.labels[examples[i]];
  }
  // Gathered in the usual order and then copied: one pass more, and each example is read in one
  // piece.
  if (facts_.channels_last) input_ = all_channels_last_.narrow(0, 0, size).copy_(input_);
}

void Batch::GatherOnDevice(std::int64_t begin, std::int64_t size) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor& features = facts_.examples->Of(*dataset_);
  const torch::Tensor numbers = chosen_[0].narrow(0, begin, size);
  target_ = chosen_[1].narrow(0, begin, size);
  input_ = features.index_select(0, numbers);
  if (facts_.input.tokens > 0) {
    input_ = input_.to(torch::kLong);
  } else if (!dataset_->bytes.empty()) {
    input_ = input_.to(torch::kFloat).mul_(dataset_->scale);
    if (dataset_->shift != 0) input_.add_(dataset_->shift);
  }
  const std::vector<std::int64_t> shape = BatchShape(facts_.input, size);
  input_ = input_.view(shape);
  // A copy also where one channel makes both orders the same: strides say which one it is.
  if (facts_.channels_last)
    input_ = torch::empty(shape, input_.options(), torch::MemoryFormat::ChannelsLast).copy_(input_);
}

}  // namespace delstep
