#pragma once
/// The Workers that the program hands to learners: a thread pool that counts what is done.
#include <atomic>

#include "base/thread_pool.h"
#include "delstep/learner.h"

namespace delstep {

class PoolWorkers final : public Workers {
 public:
  explicit PoolWorkers(std::size_t threads) : pool_(threads) {}

  using Workers::ForEach;
  int size() const override { return pool_.size(); }
  void ForEach(std::size_t count, Work work, void* self) override {
    struct Counted {
      Work work;
      void* self;
      std::atomic<std::size_t>* done;
    } counted{work, self, &done_};
    pool_.Run(
        count,
        [](void* raw, int worker, std::size_t i) {
          const auto& c = *static_cast<Counted*>(raw);
          c.work(c.self, worker, i);
          c.done->fetch_add(1, std::memory_order_relaxed);
        },
        &counted);
  }

  /// Pieces of work done since the pool was made; may be read from any thread.
  std::size_t done() const { return done_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::size_t> done_{0};
  ThreadPool pool_;
};

}  // namespace delstep
