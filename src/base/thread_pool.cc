#include "base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <utility>

namespace delstep {
namespace {

using std::chrono::microseconds;

/// Work that takes less is done before another thread is awake and has said that it is done.
constexpr microseconds kWorthWaking{20};
/// What a worker takes at a time: long beside a lock, short beside the wait for the last worker.
constexpr microseconds kTurn{20};

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

ThreadPool::Kind& ThreadPool::KindOf(Work name) {
  const auto known = std::ranges::find(kinds_, name, &Kind::name);
  return known != kinds_.end() ? *known : kinds_.emplace_back(Kind{.name = name});
}

// An estimate may be wrong: a `set` has made trainings longer. So the clock is looked at again, and
// at most one item too many is done alone.
std::size_t ThreadPool::RunAlone(std::size_t count, Work work, void* self, const Kind& kind) {
  std::size_t done = 0;
  if (kind.item >= kWorthWaking || kind.item * count >= kWorthWaking) return done;
  const Clock::time_point end = Clock::now() + 2 * kWorthWaking;
  while (done < count && (done == 0 || Clock::now() < end)) work(self, 0, done++);
  return done;
}

void ThreadPool::Run(std::size_t count, Work work, void* self, Work name) {
  // Nobody to wake, or nothing for him to do.
  if (threads_.empty() || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) work(self, 0, i);
    return;
  }
  Kind& kind = KindOf(name);
  const Clock::time_point begin = Clock::now();
  const auto learn = [&](std::size_t items) {
    if (items > 0) kind.item = (Clock::now() - begin) / items;
  };
  const std::size_t done = RunAlone(count, work, self, kind);
  if (done == count) return learn(done);
  {
    const std::scoped_lock lock(mutex_);
    next_ = done;
    count_ = count;
    // Long items one by one, as they may be of unequal length; and nobody takes much of the rest.
    const std::size_t small =
        kind.item < kTurn ? kTurn / std::max(kind.item, Clock::duration(1)) : 1;
    turn_ =
        std::clamp(small, std::size_t{1}, std::max<std::size_t>(1, count / (8 * threads_.size())));
    work_ = work;
    self_ = self;
    busy_ = threads_.size();
    ++round_;
  }
  begin_.notify_all();
  // The caller works too, as worker 0.
  learn(done + TakeTurns(0));
  std::unique_lock lock(mutex_);
  // All threads have looked at this round: none can take a turn of the next one by mistake, and none is
  // at work with what is the caller's.
  end_.wait(lock, [this] { return busy_ == 0; });
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

std::size_t ThreadPool::TakeTurns(int worker) {
  std::size_t done = 0;
  for (;;) {
    std::size_t begin = 0, end = 0;
    {
      const std::scoped_lock lock(mutex_);
      if (next_ == count_) return done;
      begin = next_;
      end = next_ = std::min(count_, begin + turn_);
    }
    try {
      for (std::size_t i = begin; i < end; ++i) work_(self_, worker, i);
    } catch (...) {
      // The others may be in the middle of an item: the caller hears of it when they have ended.
      const std::scoped_lock lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      next_ = count_;
      return done;
    }
    done += end - begin;
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
