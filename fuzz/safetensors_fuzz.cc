// The reader of safetensors files: no input may crash it or cost much memory, and what it accepts
// is written and read back as the same.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "weights/tensor_file.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  delstep::MemorySource source("input", {data, size});
  const auto arrays = delstep::ReadSafetensors(source);
  if (!arrays) {
    Check(arrays.error().code == delstep::ErrorCode::kFile && !arrays.error().hint.empty());
    return 0;
  }
  std::vector<delstep::NamedArrayView> views;
  for (const delstep::NamedArray& array : *arrays) {
    std::size_t product = 1;
    for (const auto side : array.shape) product *= static_cast<std::size_t>(side);
    Check(product == array.values.size() && product <= size);
    views.push_back({array.name, array.shape, std::as_bytes(std::span(array.values))});
  }
  std::stringstream out;
  delstep::WriteSafetensors(out, views);
  const std::string text = out.str();
  delstep::MemorySource written("written",
                                {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  const auto same = delstep::ReadSafetensors(written);
  Check(same && same->size() == arrays->size());
  return 0;
}
