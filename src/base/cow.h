#pragma once
/// Copy on write: a value that its copies share until one of them is changed.
///
/// A Cow<T> behaves as a T would: copies are independent. But a copy costs one reference, whatever
/// the size of the value, and the value itself is copied only when somebody asks to change it while
/// another copy still holds it. So a saved world costs what has changed since, and no more.
///
///   Cow<std::vector<int>> a;
///   a.Write().push_back(1);          // a alone: nothing is copied
///   const Cow<std::vector<int>> b = a;   // the same vector, held twice
///   a.Write().push_back(2);          // copied first: b keeps {1}
///
/// Reading and changing have different words on purpose. Reading never copies; who writes Write()
/// where reading would do pays for a copy that nobody needs.
///
/// A Cow that was never written to is a T as T() makes it, and takes no memory.
///
/// Threads: as for a T: one object is written by one thread, while nobody reads it. Copies of it
/// may be read, written and dropped in other threads at the same time, though they share the
/// value: the count of holders is atomic, and who finds itself the only holder has seen all that
/// others did.
#include <atomic>
#include <cstdint>
#include <utility>

namespace delstep {

template <class T>
class Cow {
 public:
  Cow() = default;
  Cow(T value) : block_(new Block(std::move(value))) {}  // NOLINT: a T is as good as a Cow of it
  Cow(const Cow& other) : block_(other.block_) {
    // Relaxed will do for one holder more: who copies holds it already, so it cannot go.
    if (block_) block_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  Cow(Cow&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Cow& operator=(Cow other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Cow() { Drop(); }

  const T& operator*() const { return block_ ? block_->value : Unwritten(); }
  const T* operator->() const { return &**this; }

  /// The value, to be changed: this one's alone from here on. The reference holds until the next
  /// copy is made of this object; after that it must be asked for again.
  T& Write() {
    if (!block_) {
      block_ = new Block;  // made in its place: a T may be large
    } else if (block_->holders.load(std::memory_order_acquire) != 1) {
      auto* own = new Block(block_->value);
      Drop();
      block_ = own;
    }
    return block_->value;
  }

  /// Both hold the very same value: a quick yes to "are they equal?". False says nothing.
  bool SharesWith(const Cow& other) const { return block_ == other.block_; }
  /// Names the value among those that are alive: equal for those that share it. Null: never
  /// written.
  const void* identity() const { return block_; }

 private:
  struct Block {
    Block() = default;
    explicit Block(T content) : value(std::move(content)) {}
    std::atomic<std::uint32_t> holders{1};
    T value{};
  };

  static const T& Unwritten() {
    static const T unwritten{};
    return unwritten;
  }

  void Drop() {
    // Release what was read here, and acquire what others read, before the value goes.
    if (block_ && block_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete block_;
  }

  Block* block_ = nullptr;
};

}  // namespace delstep
