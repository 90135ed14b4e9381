// The reader of npy arrays: no input may crash it, and an array is as long as its header says.
#include <cstdint>
#include <cstdlib>

#include "archive/npy.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

template <class T>
void Play(std::span<const std::uint8_t> content) {
  delstep::MemorySource source("input", content);
  const auto header = delstep::ReadNpyHeader(source);
  if (!header) return Check(header.error().code == delstep::ErrorCode::kFile);
  const auto values = delstep::ReadNpyAs<T>(source, *header);
  if (!values) return Check(values.error().code == delstep::ErrorCode::kFile);
  Check(values->size() == header->count());
  // What is written for it is read as the same.
  const std::string text = delstep::NpyHeaderText(header->dtype(), header->shape);
  delstep::MemorySource written("written",
                                {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  const auto same = delstep::ReadNpyHeader(written);
  Check(same && same->dtype() == header->dtype() && same->shape == header->shape);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Play<float>({data, size});
  Play<std::int64_t>({data, size});
  return 0;
}
