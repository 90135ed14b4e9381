// The reader of idx files, plain and compressed: no input may crash it, and what it accepts is what
// it says.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "data/idx.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

void Play(std::span<const std::uint8_t> content, delstep::IdxKind kind) {
  delstep::ByteBuffer values;
  const auto shape = delstep::ParseIdx(content, "input", kind, values);
  // Deflate packs at most 1032 bytes into one; the buffer may be ahead of the content by a factor
  // of two.
  Check(values.size() <= 65536 + 2 * 1032 * content.size());
  if (!shape) {
    Check(shape.error().code == delstep::ErrorCode::kFile && !shape.error().message.empty());
    return;
  }
  Check(values.size() == shape->size());
  if (!delstep::IsGzip(content))
    Check(content.size() == delstep::IdxHeaderSize(kind) + values.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Play({data, size}, delstep::IdxKind::kImages);
  Play({data, size}, delstep::IdxKind::kLabels);
  return 0;
}
