#pragma once
/// Memory of the benchmarks, as a run has it: models lie in pages of 2 MiB.
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>

namespace delstep {

/// Zeros at first; in large pages where the system has them, as the rows of a run are
/// (core/world/row.cc). With small ones a benchmark over hundreds of rows would measure the tables
/// of addresses.
class LargePages {
 public:
  explicit LargePages(std::size_t floats) : size_(floats) {
    constexpr std::size_t kPage = std::size_t{2} << 20;
    const std::size_t bytes = (floats * sizeof(float) + kPage) / kPage * kPage;
    floats_.reset(static_cast<float*>(std::aligned_alloc(kPage, bytes)));
    madvise(floats_.get(), bytes, MADV_HUGEPAGE);
    std::fill_n(floats_.get(), floats, 0.0f);
  }
  float* data() { return floats_.get(); }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(float* floats) const { std::free(floats); }
  };
  std::unique_ptr<float, Free> floats_;
  std::size_t size_;
};

}  // namespace delstep
