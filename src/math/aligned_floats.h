#pragma once
/// Memory for vectors of floats.
#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

namespace delstep {

/// An array of floats on a 64-byte boundary, zero at first. Move-only.
class AlignedFloats {
 public:
  AlignedFloats() = default;
  explicit AlignedFloats(std::size_t size)
      : floats_(static_cast<float*>(::operator new(size * sizeof(float), kAlignment))),
        size_(size) {
    Clear();
  }

  float* data() { return floats_.get(); }
  const float* data() const { return floats_.get(); }
  std::size_t size() const { return size_; }
  void Clear() { std::fill_n(floats_.get(), size_, 0.0f); }

 private:
  static constexpr std::align_val_t kAlignment{64};
  struct Free {
    void operator()(float* floats) const { ::operator delete(floats, kAlignment); }
  };
  std::unique_ptr<float, Free> floats_;
  std::size_t size_ = 0;
};

}  // namespace delstep
