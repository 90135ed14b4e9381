#include "learning/torch/caching_allocator.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <torch/version.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

namespace delstep {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kMostKept = std::size_t{2} << 30;  // bytes a thread

// Later versions allocate through a function that is not const.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
#define DELSTEP_ALLOCATE_CONST
#else
#define DELSTEP_ALLOCATE_CONST const
#endif

/// Sizes are rounded up to a quarter of a power of two.
struct SizeClass {
  std::size_t number = 0, bytes = 0;
};
/// At most a fifth of a block is unused, and equal steps find equal blocks again.
SizeClass ClassOf(std::size_t bytes) {
  bytes = std::max(bytes, kAlignment);
  const std::size_t power = std::bit_width(bytes) - 1;
  const std::size_t quarter = (std::size_t{1} << power) / 4;
  const std::size_t quarters = (bytes + quarter - 1) / quarter;  // 4 to 8
  return {4 * power + quarters - 4, quarters * quarter};
}

/// Lies in front of each block.
struct alignas(kAlignment) Header {
  SizeClass size_class;
};

thread_local bool t_alive = false;

class ThreadCache {
 public:
  ThreadCache() { t_alive = true; }
  ~ThreadCache() {
    t_alive = false;
    for (const auto& blocks : free_)
      for (Header* block : blocks) std::free(block);
  }

  Header* Take(SizeClass size_class) {
    auto& blocks = free_[size_class.number];
    if (blocks.empty()) return nullptr;
    Header* block = blocks.back();
    blocks.pop_back();
    kept_ -= size_class.bytes;
    return block;
  }
  bool Keep(Header* block) {
    const SizeClass size_class = block->size_class;
    if (kept_ + size_class.bytes > kMostKept) return false;
    free_[size_class.number].push_back(block);
    kept_ += size_class.bytes;
    return true;
  }

 private:
  std::array<std::vector<Header*>, 4 * 64 + 8> free_;
  std::size_t kept_ = 0;
};

ThreadCache& Cache() {
  static thread_local ThreadCache cache;
  return cache;
}

/// A tensor may outlive the cache of the thread that ends.
void Release(void* data) {
  if (!data) return;
  Header* block = static_cast<Header*>(data) - 1;
  // A thread that ends has dropped its cache already; then the system takes the block.
  if (!t_alive || !Cache().Keep(block)) std::free(block);
}

class CachingAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t bytes) DELSTEP_ALLOCATE_CONST override {
    if (bytes == 0) return {nullptr, nullptr, &Release, c10::Device(c10::DeviceType::CPU)};
    const SizeClass size_class = ClassOf(bytes);
    Header* block = Cache().Take(size_class);
    if (!block) {
      block = static_cast<Header*>(
          std::aligned_alloc(kAlignment, sizeof(Header) + (size_class.bytes + 63) / 64 * 64));
      if (!block) throw std::bad_alloc();
      block->size_class = size_class;
    }
    void* data = block + 1;
    return {data, data, &Release, c10::Device(c10::DeviceType::CPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &Release; }
  /// Later versions ask for it.
  virtual void copy_data(void* to, const void* from, std::size_t bytes) const {
    std::memcpy(to, from, bytes);
  }
};

}  // namespace

void InstallCachingAllocator() {
  static CachingAllocator allocator;
  c10::SetCPUAllocator(&allocator);
}

}  // namespace delstep
