// The reader of CIFAR's binary files: no input may crash it, and a label belongs to each picture.
#include <cstdint>
#include <cstdlib>

#include "data/cifar.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

void Play(std::span<const std::uint8_t> content, const delstep::CifarLabel& label) {
  delstep::CifarPictures pictures;
  const auto read = delstep::ParseCifar(content, "input", label, pictures);
  for (const auto found : pictures.labels) Check(found >= 0 && found < label.classes);
  if (read) return Check(pictures.pixels.size() == pictures.labels.size() * 3072);
  Check(read.error().code == delstep::ErrorCode::kFile);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Play({data, size}, {1, 0, 10});
  Play({data, size}, {2, 1, 100});
  return 0;
}
