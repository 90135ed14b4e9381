#include "learning/torch/examples_on_device.h"

#include <algorithm>
#include <cassert>

namespace delstep {
namespace {

const void* MemoryOf(const Dataset& dataset) {
  if (dataset.bytes.empty()) return dataset.floats.data();
  return dataset.bytes.data();
}

}  // namespace

const ExamplesOnDevice::Kept* ExamplesOnDevice::Find(const Dataset& dataset) const {
  const auto found = std::ranges::find(kept_, MemoryOf(dataset), &Kept::memory);
  return found == kept_.end() ? nullptr : &*found;
}

void ExamplesOnDevice::Bring(const Dataset& dataset) {
  if (Find(dataset) != nullptr) return;
  const auto size = static_cast<std::int64_t>(dataset.example_size);
  const auto count = static_cast<std::int64_t>(dataset.size());
  const auto type = dataset.bytes.empty() ? torch::kFloat : torch::kByte;
  const torch::Tensor here =
      torch::from_blob(const_cast<void*>(MemoryOf(dataset)), {count, size}, type);
  kept_.push_back({.memory = MemoryOf(dataset), .features = here.to(device_, type, false, true)});
}

const torch::Tensor& ExamplesOnDevice::Of(const Dataset& dataset) const {
  const Kept* kept = Find(dataset);
  assert(kept != nullptr);
  return kept->features;
}

}  // namespace delstep
