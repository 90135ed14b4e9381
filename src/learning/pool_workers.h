#pragma once
/// The Workers that the program hands to learners: a thread pool that counts what is done.
#include <atomic>

#include "base/thread_pool.h"
#include "delstep/learner.h"

namespace delstep {

class PoolWorkers final : public Workers {
 public:
  /// `done`, if given, counts pieces of work as they end; it outlives this.
  explicit PoolWorkers(std::size_t threads, std::atomic<std::size_t>* done = nullptr)
      : done_(done != nullptr ? done : &own_), pool_(threads) {}

  using Workers::ForEach;
  int size() const override { return pool_.size(); }
  void ForEach(std::size_t count, Work work, void* self) override {
    struct Counted {
      Work work;
      void* self;
      std::atomic<std::size_t>* done;
    } counted{work, self, done_};
    pool_.Run(
        count,
        [](void* raw, int worker, std::size_t i) {
          const auto& c = *static_cast<Counted*>(raw);
          c.work(c.self, worker, i);
          c.done->fetch_add(1, std::memory_order_relaxed);
        },
        &counted, work);
  }

 private:
  std::atomic<std::size_t> own_{0};
  std::atomic<std::size_t>* done_;
  ThreadPool pool_;
};

}  // namespace delstep
