#include "archive/byte_buffer.h"

#include <sys/mman.h>

#include <cstring>

namespace delstep {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

}  // namespace

std::span<std::uint8_t> ByteBuffer::Extend(std::size_t count) {
  if (count == 0 || count > SIZE_MAX - size_) return {};
  const std::size_t wanted = size_ + count;
  if (wanted > capacity_ && !(wanted < kHugePage ? GrowSmall(wanted) : GrowLarge(wanted)))
    return {};
  size_ = wanted;
  return {bytes_.get() + size_ - count, count};
}

bool ByteBuffer::GrowSmall(std::size_t wanted) {
  void* const grown = std::realloc(bytes_.get(), wanted);
  if (grown == nullptr) return false;
  static_cast<void>(bytes_.release());
  bytes_.reset(static_cast<std::uint8_t*>(grown));
  capacity_ = wanted;
  return true;
}

bool ByteBuffer::GrowLarge(std::size_t wanted) {
  // A quarter more, so that the test part of a data set still fits behind its training part. What
  // nobody writes is only addresses, no memory. Where addresses are scarce, as much as is needed.
  if (wanted > SIZE_MAX / 2) return false;
  for (const std::size_t room : {wanted + wanted / 4, wanted}) {
    const std::size_t capacity = (room + kHugePage - 1) / kHugePage * kHugePage;
    void* const grown = std::aligned_alloc(kHugePage, capacity);
    if (grown == nullptr) continue;
    madvise(grown, capacity, MADV_HUGEPAGE);  // a wish: without it reading is but slower
    if (size_ > 0) std::memcpy(grown, bytes_.get(), size_);
    bytes_.reset(static_cast<std::uint8_t*>(grown));
    capacity_ = capacity;
    return true;
  }
  return false;
}

}  // namespace delstep
