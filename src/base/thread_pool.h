#pragma once
/// Threads that live as long as the pool: starting them anew for each command would cost more than
/// the work.
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace delstep {

/// Runs the same function over a range on a fixed number of workers. Worker 0 is the calling
/// thread.
/// Threads: Run() from one thread at a time, and never from inside a running function.
class ThreadPool {
 public:
  /// `threads` 0: one per core that this process may use.
  explicit ThreadPool(std::size_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int size() const { return static_cast<int>(threads_.size()) + 1; }

  /// Calls work(self, worker, i) once for each i in [0, count), in any order; returns when all
  /// have. A worker in [0, size()) runs one i at a time, always on the same thread (worker 0: the
  /// caller's).
  using Work = void (*)(void* self, int worker, std::size_t i);
  void Run(std::size_t count, Work work, void* self);

 private:
  void Serve(std::stop_token stop, int worker);
  void TakeTurns(int worker);

  std::mutex mutex_;
  std::condition_variable_any begin_;
  std::condition_variable_any end_;
  std::uint64_t round_ = 0;  // guarded by mutex_, as are the next four
  std::size_t busy_ = 0;
  std::size_t next_ = 0;
  std::size_t count_ = 0;
  Work work_ = nullptr;
  void* self_ = nullptr;
  std::vector<std::jthread> threads_;  // last: joined before the rest goes
};

}  // namespace delstep
