#include "base/thread_pool.h"

#include <sched.h>

#include <algorithm>

namespace delstep {
namespace {

/// Those that this process may use: in a container or under taskset fewer than there are.
std::size_t UsableCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
  return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

ThreadPool::ThreadPool(std::size_t threads) {
  if (threads == 0) threads = UsableCores();
  for (std::size_t worker = 1; worker < threads; ++worker)
    threads_.emplace_back(
        [this, worker](std::stop_token stop) { Serve(std::move(stop), static_cast<int>(worker)); });
}

ThreadPool::~ThreadPool() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

void ThreadPool::Run(std::size_t count, Work work, void* self) {
  // Not worth waking anybody.
  if (threads_.empty() || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) work(self, 0, i);
    return;
  }
  {
    const std::scoped_lock lock(mutex_);
    next_ = 0;
    count_ = count;
    work_ = work;
    self_ = self;
    busy_ = threads_.size();
    ++round_;
  }
  begin_.notify_all();
  // The caller works too, as worker 0.
  TakeTurns(0);
  std::unique_lock lock(mutex_);
  // All threads have looked at this round: none can take a turn of the next one by mistake.
  end_.wait(lock, [this] { return busy_ == 0; });
}

void ThreadPool::TakeTurns(int worker) {
  for (;;) {
    // One at a time: items are large (a node's training), and of unequal length.
    std::size_t i = 0;
    {
      const std::scoped_lock lock(mutex_);
      if (next_ == count_) return;
      i = next_++;
    }
    work_(self_, worker, i);
  }
}

void ThreadPool::Serve(std::stop_token stop, int worker) {
  std::uint64_t seen = 0;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      // Woken by a new round, or to end.
      if (!begin_.wait(lock, stop, [&] { return round_ != seen; })) return;
      seen = round_;
    }
    TakeTurns(worker);
    {
      const std::scoped_lock lock(mutex_);
      if (--busy_ == 0) end_.notify_one();
    }
  }
}

}  // namespace delstep
