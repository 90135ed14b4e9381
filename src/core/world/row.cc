#include "core/world/row.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace delstep {
namespace row_internal {

constexpr std::size_t kAlignment = 64;

/// Names of contents. One count for the whole process: a run that branched off another one, with a
/// learner and pools of its own, must never take other contents for those that it has seen.
std::uint64_t NextVersion() {
  static std::atomic<std::uint64_t> versions{0};
  return versions.fetch_add(1, std::memory_order_relaxed) + 1;
}

/// Where else the numbers of a row are. Runs of one process have none of these.
struct Elsewhere {
  explicit Elsewhere(std::uint64_t first) : holders(first) {}
  std::atomic<std::uint64_t> holders;  // a bit per process; bit 0: the numbers can be read here
  Block* copy = nullptr;               // here, of a row that was made elsewhere
};

/// The header of a row. The floats follow it, in the same allocation; of a row that was made
/// elsewhere there are none.
struct Block {
  std::atomic<std::uint32_t> handles{1};
  bool header_alone = false;
  std::uint64_t version = 0;
  std::shared_ptr<Store> store;  // empty while the block lies in the store
  std::atomic<Elsewhere*> elsewhere{nullptr};

  float* floats() {
    return reinterpret_cast<float*>(reinterpret_cast<std::byte*>(this) + kAlignment);
  }
};
static_assert(sizeof(Block) <= kAlignment);

/// Memory for blocks, many at a time: with pages of 2 MiB a pass over hundreds of rows misses the
/// tables of addresses far less often.
class Slabs {
 public:
  /// 64-byte aligned, kept until the slabs go.
  void* Next(std::size_t size) {
    size = (size + kAlignment - 1) / kAlignment * kAlignment;
    if (left_ < size) Grow(std::max(size, std::min(2 * total_, kLargest)));
    left_ -= size;
    return std::exchange(next_, next_ + size);
  }

 private:
  static constexpr std::size_t kHugePage = std::size_t{2} << 20, kLargest = 16 * kHugePage;
  struct Free {
    std::align_val_t alignment;
    void operator()(std::byte* slab) const { ::operator delete(slab, alignment); }
  };

  void Grow(std::size_t size) {
    const bool huge = size >= kHugePage;
    if (huge) size = (size + kHugePage - 1) / kHugePage * kHugePage;
    const auto alignment = static_cast<std::align_val_t>(huge ? kHugePage : kAlignment);
    next_ = static_cast<std::byte*>(::operator new(size, alignment));
    slabs_.emplace_back(next_, Free{alignment});
    if (huge) madvise(next_, size, MADV_HUGEPAGE);  // a wish: without it rows are but slower
    left_ = size;
    total_ += size;
  }

  std::vector<std::unique_ptr<std::byte, Free>> slabs_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0, total_ = 0;
};

/// Makes blocks and keeps those that were dropped. Every block in use holds its store, so that rows
/// may outlive the pool.
struct Store {
  explicit Store(std::size_t length) : floats(length) {}
  ~Store() {
    for (Block* block : spare) block->~Block();
  }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  Block* Take(std::shared_ptr<Store> self) {
    ++live;
    Block* block = TakeMemory();
    block->handles.store(1, std::memory_order_relaxed);
    block->version = NextVersion();
    block->store = std::move(self);
    return block;
  }

  Block* TakeHeader(std::shared_ptr<Store> self, std::uint64_t holders) {
    ++live;
    ++away;
    auto* block = new Block;
    block->header_alone = true;
    block->version = NextVersion();
    block->store = std::move(self);
    block->elsewhere = new Elsewhere(holders);
    return block;
  }

  Block* TakeMemory() {
    const std::scoped_lock lock(mutex);
    if (spare.empty()) return new (slabs.Next(kAlignment + floats * sizeof(float))) Block;
    // The last one put back: its memory is the likeliest to be in the cache.
    Block* block = spare.back();
    spare.pop_back();
    return block;
  }

  void PutBack(Block* block) {
    --live;
    const std::shared_ptr<Store> self = std::move(block->store);  // may be the last to hold it
    Block* memory = block->header_alone ? nullptr : block;
    if (const std::unique_ptr<Elsewhere> elsewhere(block->elsewhere.exchange(nullptr)); elsewhere) {
      ForgetOthers(block->version, elsewhere->holders);
      if (elsewhere->copy) memory = elsewhere->copy;
    }
    if (block->header_alone && !memory) --away;
    if (block->header_alone) delete block;
    if (!memory) return;
    const std::scoped_lock lock(mutex);
    spare.push_back(memory);
  }

  void ForgetOthers(std::uint64_t version, std::uint64_t holders) const {
    if ((holders & ~std::uint64_t{1}) != 0) others->Forget(version, holders & ~std::uint64_t{1});
  }

  const std::size_t floats;
  std::shared_ptr<OtherProcesses> others;     // null: this process is alone
  std::atomic<std::size_t> live{0}, away{0};  // rows, and those without numbers here
  std::mutex mutex;
  Slabs slabs;  // guarded by mutex, as is the next
  std::vector<Block*> spare;
};

}  // namespace row_internal

// Relaxed will do for one handle more: who copies holds one already, so the row cannot go.
Row::Row(const Row& other) : block_(other.block_) {
  if (block_) block_->handles.fetch_add(1, std::memory_order_relaxed);
}

// Acquire and release: what other threads wrote before they dropped their handles must be seen
// before the block is given to somebody else.
void Row::Drop() const {
  // The last handle puts the block back. The store is held by hand meanwhile: the block may hold
  // the last reference to it.
  if (block_->handles.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    const std::shared_ptr<row_internal::Store> store = block_->store;
    store->PutBack(block_);
  }
}

std::span<const float> Row::view() const {
  assert(block_);
  if (block_->header_alone) {
    const row_internal::Elsewhere* elsewhere = block_->elsewhere.load(std::memory_order_acquire);
    if ((elsewhere->holders.load(std::memory_order_acquire) & 1) == 0)
      block_->store->others->Bring(*this);
    return {elsewhere->copy->floats(), block_->store->floats};
  }
  return {block_->floats(), block_->store->floats};
}

std::span<float> Row::Write() {
  assert(unique());
  const auto numbers = view();
  // The others have the old numbers, under the old name.
  if (row_internal::Elsewhere* elsewhere = block_->elsewhere.load(std::memory_order_acquire))
    block_->store->ForgetOthers(block_->version, elsewhere->holders.exchange(1));
  // Whoever asks for a span to write may write: the contents have a new name from here on.
  block_->version = row_internal::NextVersion();
  return {const_cast<float*>(numbers.data()), numbers.size()};
}

std::uint64_t Row::holders() const {
  assert(block_);
  const row_internal::Elsewhere* elsewhere = block_->elsewhere.load(std::memory_order_acquire);
  return elsewhere ? elsewhere->holders.load(std::memory_order_acquire) : 1;
}

OtherProcesses* Row::others() const {
  assert(block_);
  return block_->store->others.get();
}

void Row::NoteHolder(int process) const {
  row_internal::Elsewhere* elsewhere = block_->elsewhere.load(std::memory_order_acquire);
  if (!elsewhere) {
    // Two threads may note different holders of one row at a time; the first to come makes it.
    auto fresh = std::make_unique<row_internal::Elsewhere>(1);
    if (block_->elsewhere.compare_exchange_strong(elsewhere, fresh.get()))
      elsewhere = fresh.release();
  }
  elsewhere->holders.fetch_or(std::uint64_t{1} << process, std::memory_order_acq_rel);
}

std::span<float> Row::MakePlace() const {
  assert(!here());
  row_internal::Elsewhere* elsewhere = block_->elsewhere.load(std::memory_order_acquire);
  if (!elsewhere->copy) {
    elsewhere->copy = block_->store->TakeMemory();
    --block_->store->away;
  }
  return {elsewhere->copy->floats(), block_->store->floats};
}

std::size_t Row::floats() const {
  assert(block_);
  return block_->store->floats;
}

std::uint64_t Row::version() const {
  assert(block_);
  return block_->version;
}

std::size_t Row::handles() const {
  return block_ ? block_->handles.load(std::memory_order_acquire) : 0;
}
bool Row::unique() const { return block_ && block_->handles.load(std::memory_order_acquire) == 1; }

RowPool::RowPool(std::size_t floats) : store_(std::make_shared<row_internal::Store>(floats)) {}

std::size_t RowPool::floats() const { return store_->floats; }

Row RowPool::New() { return Row(store_->Take(store_)); }

Row RowPool::NewAt(int process) {
  assert(store_->others);
  return process == 0 ? New() : Row(store_->TakeHeader(store_, std::uint64_t{1} << process));
}

Row RowPool::NewNowhere() {
  assert(store_->others);
  return Row(store_->TakeHeader(store_, 0));
}

void RowPool::Join(std::shared_ptr<OtherProcesses> others) { store_->others = std::move(others); }

Row RowPool::Copy(const Row& row) {
  Row copy = New();
  const std::span<const float> from = row.view();
  assert(from.size() == floats());
  std::ranges::copy(from, copy.Write().begin());
  return copy;
}

std::size_t RowPool::live() const { return store_->live.load(); }

std::size_t RowPool::here() const { return store_->live.load() - store_->away.load(); }

std::size_t RowPool::spare() const {
  const std::scoped_lock lock(store_->mutex);
  return store_->spare.size();
}

}  // namespace delstep
