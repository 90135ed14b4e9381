#pragma once
/// A growing array of bytes that are written before they are read: unlike std::vector it does not
/// clear what it adds.
///
/// From 2 MiB on it lies in pages of 2 MiB, where the system has them. A processor keeps the
/// addresses of some 2,000 pages at hand: of small ones that is 8 MiB, so that in a larger data set
/// each example, read in random order, would cost walks through the tables of addresses.
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
  std::span<std::uint8_t> Extend(std::size_t count);

  std::span<std::uint8_t> bytes() { return {bytes_.get(), size_}; }
  std::span<const std::uint8_t> bytes() const { return {bytes_.get(), size_}; }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(std::uint8_t* bytes) const { std::free(bytes); }
  };

  /// Make room for `wanted` bytes in all; false, and nothing changes, where there is no memory.
  bool GrowSmall(std::size_t wanted);
  bool GrowLarge(std::size_t wanted);

  std::unique_ptr<std::uint8_t, Free> bytes_;
  std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace delstep
