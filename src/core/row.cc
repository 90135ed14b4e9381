#include "core/row.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace delstep {
namespace row_internal {

constexpr std::size_t kAlignment = 64;

struct Block {
  std::atomic<std::uint32_t> handles{1};
  std::shared_ptr<Store> store;  // empty while the block lies in the store

  float* floats() {
    return reinterpret_cast<float*>(reinterpret_cast<std::byte*>(this) + kAlignment);
  }
};
static_assert(sizeof(Block) <= kAlignment);

struct Store {
  explicit Store(std::size_t length) : floats(length) {}
  ~Store() {
    for (Block* block : spare) Free(block);
  }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  static void Free(Block* block) {
    block->~Block();
    ::operator delete(block, std::align_val_t(kAlignment));
  }

  Block* Take(std::shared_ptr<Store> self) {
    ++live;
    {
      const std::scoped_lock lock(mutex);
      if (!spare.empty()) {
        Block* block = spare.back();
        spare.pop_back();
        block->handles.store(1, std::memory_order_relaxed);
        block->store = std::move(self);
        return block;
      }
    }
    void* memory =
        ::operator new(kAlignment + floats * sizeof(float), std::align_val_t(kAlignment));
    Block* block = new (memory) Block;
    block->store = std::move(self);
    return block;
  }

  void PutBack(Block* block) {
    --live;
    const std::shared_ptr<Store> self = std::move(block->store);  // may be the last to hold it
    const std::scoped_lock lock(mutex);
    spare.push_back(block);
  }

  const std::size_t floats;
  std::atomic<std::size_t> live{0};
  std::mutex mutex;
  std::vector<Block*> spare;  // guarded by mutex
};

}  // namespace row_internal

Row::Row(const Row& other) : block_(other.block_) {
  if (block_) block_->handles.fetch_add(1, std::memory_order_relaxed);
}

Row::~Row() {
  if (block_ && block_->handles.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    const std::shared_ptr<row_internal::Store> store = block_->store;
    store->PutBack(block_);
  }
}

std::span<const float> Row::view() const {
  assert(block_);
  return {block_->floats(), block_->store->floats};
}

std::span<float> Row::Write() {
  assert(unique());
  return {block_->floats(), block_->store->floats};
}

bool Row::unique() const { return block_ && block_->handles.load(std::memory_order_acquire) == 1; }

RowPool::RowPool(std::size_t floats) : store_(std::make_shared<row_internal::Store>(floats)) {}

std::size_t RowPool::floats() const { return store_->floats; }

Row RowPool::New() { return Row(store_->Take(store_)); }

Row RowPool::Copy(const Row& row) {
  Row copy = New();
  const std::span<const float> from = row.view();
  assert(from.size() == floats());
  std::ranges::copy(from, copy.Write().begin());
  return copy;
}

std::size_t RowPool::live() const { return store_->live.load(); }

}  // namespace delstep
