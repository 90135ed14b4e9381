// The reader of npz files, and with it those of zip and npy: no input may crash it or cost much
// memory, and what it accepts is whole.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "data/npz.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto loaded = delstep::ParseNpz({data, size}, "input");
  if (!loaded) {
    Check(loaded.error().code == delstep::ErrorCode::kFile && !loaded.error().message.empty());
    return 0;
  }
  const delstep::Dataset& set = loaded->dataset;
  std::size_t product = 1;
  for (const auto side : set.example_shape) product *= static_cast<std::size_t>(side);
  Check(set.size() > 0 && loaded->train_examples <= set.size() && product == set.example_size);
  Check(set.bytes.size() + set.floats.size() == set.size() * set.example_size);
  for (const auto label : set.labels) Check(label >= 0 && label < set.classes);
  for (const float value : set.floats) Check(std::isfinite(value));
  return 0;
}
