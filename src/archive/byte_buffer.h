#pragma once
/// A growing array of bytes that are written before they are read: unlike std::vector it does not
/// clear what it adds, and large ones grow by remapping instead of copying.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

namespace delstep {

/// Owns its memory; movable. A value for one thread at a time.
class ByteBuffer {
 public:
  /// Adds `count` bytes of unspecified value and returns where they lie; they are valid until the
  /// next call. Returns an empty span, and changes nothing, where there is no memory (or `count` is
  /// 0).
  std::span<std::uint8_t> Extend(std::size_t count) {
    if (count == 0 || count > SIZE_MAX - size_) return {};
    void* const grown = std::realloc(bytes_.get(), size_ + count);
    if (grown == nullptr) return {};
    static_cast<void>(bytes_.release());
    bytes_.reset(static_cast<std::uint8_t*>(grown));
    size_ += count;
    return {bytes_.get() + size_ - count, count};
  }

  std::span<std::uint8_t> bytes() { return {bytes_.get(), size_}; }
  std::span<const std::uint8_t> bytes() const { return {bytes_.get(), size_}; }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(std::uint8_t* bytes) const { std::free(bytes); }
  };

  std::unique_ptr<std::uint8_t, Free> bytes_;
  std::size_t size_ = 0;
};

}  // namespace delstep
