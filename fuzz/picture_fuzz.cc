// The decoder of pictures: no input may crash it, and a picture has the size that was asked for.
#include <cstdint>
#include <cstdlib>

#include "data/picture.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kSide = 4;
  const auto picture = delstep::DecodePicture({data, size}, "input", kSide);
  if (!picture) {
    Check(picture.error().code == delstep::ErrorCode::kFile && !picture.error().message.empty());
    return 0;
  }
  Check(picture->channels == 1 || picture->channels == 3);
  Check(picture->values.size() == picture->channels * kSide * kSide);
  return 0;
}
