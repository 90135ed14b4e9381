#pragma once
/// Threads that live as long as the pool: starting them anew for each command would cost more than
/// the work. To wake them costs some microseconds too, as much as the training of a few small models:
/// so the pool remembers how long an item of each kind of work took, and does a little work alone.
/// The clock decides who works, and never what comes out.
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
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
  ///
  /// Where work throws, nobody begins another i, and Run() throws the first of these exceptions when
  /// all have ended theirs: nobody calls work any more, and the pool can be used again.
  ///
  /// `kind` names work whose items take about as long each time; the function does, if nothing else
  /// is given. Of a kind that is new each worker takes one item at a time.
  using Work = void (*)(void* self, int worker, std::size_t i);
  void Run(std::size_t count, Work work, void* self) { Run(count, work, self, work); }
  void Run(std::size_t count, Work work, void* self, Work kind);

 private:
  using Clock = std::chrono::steady_clock;
  /// What is known of a kind of work.
  struct Kind {
    Work name = nullptr;
    Clock::duration item = Clock::duration::max();  ///< one item took; max: nobody knows
  };

  Kind& KindOf(Work name);
  /// The caller alone, as long as this is quick. Returns how many items it has done.
  std::size_t RunAlone(std::size_t count, Work work, void* self, const Kind& kind);
  void Serve(std::stop_token stop, int worker);
  /// Returns how many items this worker has done. Throws nothing: failure_ has the first exception.
  std::size_t TakeTurns(int worker);

  std::mutex mutex_;
  std::condition_variable_any begin_;
  std::condition_variable_any end_;
  std::uint64_t round_ = 0;  // guarded by mutex_, as are the next six
  std::size_t busy_ = 0;
  std::size_t next_ = 0;
  std::size_t count_ = 0;
  std::size_t turn_ = 1;  // items that a worker takes at a time
  Work work_ = nullptr;
  void* self_ = nullptr;
  std::exception_ptr failure_;
  std::vector<Kind> kinds_;            // of the caller alone
  std::vector<std::jthread> threads_;  // last: joined before the rest goes
};

}  // namespace delstep
