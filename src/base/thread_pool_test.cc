#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace delstep {
namespace {

template <class F>
void ForAll(ThreadPool& pool, std::size_t count, F& f) {
  pool.Run(
      count, [](void* self, int worker, std::size_t i) { (*static_cast<F*>(self))(worker, i); },
      &f);
}

TEST(ThreadPool, DoesEachPieceExactlyOnce) {
  for (const std::size_t threads : {1u, 2u, 5u}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.size(), static_cast<int>(threads));
    for (const std::size_t count : {0u, 1u, 2u, 1000u}) {
      std::vector<std::atomic<int>> done(count);
      auto work = [&](int, std::size_t i) { ++done[i]; };
      ForAll(pool, count, work);
      for (const auto& times : done) EXPECT_EQ(times, 1);
    }
  }
}

TEST(ThreadPool, AWorkerStaysOnItsThread) {
  ThreadPool pool(3);
  std::vector<std::thread::id> threads(3);
  std::vector<int> changes(3);
  auto work = [&](int worker, std::size_t) {
    auto& known = threads[static_cast<std::size_t>(worker)];
    if (known != std::thread::id() && known != std::this_thread::get_id())
      ++changes[static_cast<std::size_t>(worker)];
    known = std::this_thread::get_id();
  };
  for (int round = 0; round < 50; ++round) ForAll(pool, 100, work);
  EXPECT_EQ(changes, (std::vector<int>{0, 0, 0}));
}

TEST(ThreadPool, WithoutANumberThereIsAtLeastOneWorker) { EXPECT_GE(ThreadPool(0).size(), 1); }

}  // namespace
}  // namespace delstep
