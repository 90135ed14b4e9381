#pragma once
/// Rows: the flat arrays in which all that nodes have learnt lies.
///
/// A Row is a handle to a reference-counted array of floats of its pool's length, 64-byte aligned.
/// Copying a Row copies the handle: a message, a guestbook record, a saved world hold the same
/// array. A row that is shared is immutable; who wants to change it takes a new one from the pool
/// (copy on write).
///
/// In a run of several processes (core/cluster/cluster.h) a row may lie in another one. Its handle is
/// like any other; only view() may take longer, as it brings the numbers here first.
///
/// Threads: handles may be copied and dropped from any thread; the floats follow the rule above.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace delstep {

namespace row_internal {
struct Block;
struct Store;
}  // namespace row_internal

class Row;

/// Knows of the rows that lie in other processes. Rows are named by their version().
class OtherProcesses {
 public:
  virtual ~OtherProcesses() = default;
  /// Brings the numbers of a row here, by MakePlace() and NoteHolder(). Any thread.
  virtual void Bring(const Row& row) = 0;
  /// Nobody refers any more to the numbers that these processes (a bit each) hold under that name.
  /// Any thread.
  virtual void Forget(std::uint64_t version, std::uint64_t holders) = 0;
  /// HashBytes() of the numbers of rows, where they are. Any thread.
  virtual std::vector<std::uint64_t> Hash(std::span<const Row> rows) = 0;
};

class Row {
 public:
  Row() = default;
  Row(const Row& other);
  Row(Row&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Row& operator=(Row other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Row() {
    if (block_) Drop();  // handles that were moved from go often
  }

  bool empty() const { return block_ == nullptr; }
  std::size_t floats() const;  ///< as of its pool; brings nothing here
  std::span<const float> view() const;
  /// Requires that this is the only handle.
  std::span<float> Write();
  bool unique() const;
  std::size_t handles() const;  ///< of the same array, this one included; 0 where empty
  /// Two handles of the same array?
  friend bool operator==(const Row& a, const Row& b) { return a.block_ == b.block_; }
  const void* identity() const { return block_; }
  /// Names the contents: no two contents of rows in this process ever have the same number, also
  /// where the memory of a dropped row serves again. A later number was given later. Requires that
  /// the last Write()'s span is done with.
  std::uint64_t version() const;

  // ---- Where the numbers are. All of it is for rows that are not empty.

  /// A bit for each process that has the numbers, bit 0 for this one. The others are those that
  /// NoteHolder() was told of.
  std::uint64_t holders() const;
  bool here() const { return (holders() & 1) != 0; }
  OtherProcesses* others() const;  ///< null: there are none
  /// That process has the numbers too, from now on.
  void NoteHolder(int process) const;
  /// Memory for the numbers of a row that are not here; who fills it says NoteHolder(0) after that.
  /// One caller at a time.
  std::span<float> MakePlace() const;

 private:
  friend class RowPool;
  explicit Row(row_internal::Block* block) : block_(block) {}
  void Drop() const;
  row_internal::Block* block_ = nullptr;
};

/// Makes rows of one length and keeps the memory of dropped ones for the next: the first touch of
/// fresh memory costs more than copying a row. Memory is taken for many rows at a time, in huge
/// pages where the system has them. Rows may outlive the pool.
class RowPool {
 public:
  explicit RowPool(std::size_t floats);

  std::size_t floats() const;
  Row New();  ///< contents unspecified
  /// A row whose numbers that other process has, or will have before anybody looks at them. Requires
  /// Join().
  Row NewAt(int process);
  /// A row whose numbers nobody has yet: before anybody looks at them, NoteHolder() says who has.
  /// Requires Join().
  Row NewNowhere();
  /// The run has several processes. They outlive no row: rows hold them.
  void Join(std::shared_ptr<OtherProcesses> others);
  Row Copy(const Row& row);
  std::size_t live() const;   ///< rows that someone holds
  std::size_t here() const;   ///< those of them whose numbers are in this process
  std::size_t spare() const;  ///< dropped rows whose memory waits for the next

 private:
  std::shared_ptr<row_internal::Store> store_;
};

}  // namespace delstep
