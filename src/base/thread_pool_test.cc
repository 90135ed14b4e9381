#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <new>
#include <numeric>
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
      // The first time nobody knows how long a piece takes; later some may be done alone.
      for (int round = 1; round <= 20; ++round) {
        ForAll(pool, count, work);
        for (const auto& times : done) EXPECT_EQ(times, round);
      }
    }
  }
}

TEST(ThreadPool, PiecesThatTakeLongerThanBeforeAreDoneExactlyOnceToo) {
  ThreadPool pool(3);
  std::vector<std::atomic<int>> done(100);
  std::atomic<std::uint64_t> sum{0};
  std::uint64_t steps = 0;
  auto work = [&](int, std::size_t i) {
    std::uint64_t x = i;
    for (std::uint64_t step = 0; step < steps; ++step) x = x * 6364136223846793005u + step;
    sum += x;
    ++done[i];
  };
  // What was quick twice takes some thousand times as long, and is quick again.
  int rounds = 0;
  for (const std::uint64_t wanted : {0u, 0u, 100000u, 0u, 0u}) {
    steps = wanted;
    ForAll(pool, done.size(), work);
    ++rounds;
    for (const auto& times : done) EXPECT_EQ(times, rounds);
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

TEST(ThreadPool, WhatAWorkerThrowsReachesTheCallerWhenAllHaveEnded) {
  constexpr int kWorkers = 3;
  ThreadPool pool(kWorkers);
  // The caller is worker 0.
  for (int thrower = 0; thrower < kWorkers; ++thrower) {
    std::latch all(kWorkers);
    std::atomic<bool> thrown{false};
    std::atomic<int> begun{0}, ended{0};
    auto work = [&](int worker, std::size_t) {
      ++begun;
      all.arrive_and_wait();  // each worker has one piece
      if (worker == thrower) {
        thrown = true;
        throw std::bad_alloc();
      }
      // Those that are at work when it throws.
      while (!thrown) std::this_thread::yield();
      std::vector<int> own(1000, 1);
      ended += std::accumulate(own.begin(), own.end(), 0) == 1000 ? 1 : 0;
    };
    EXPECT_THROW(ForAll(pool, kWorkers, work), std::bad_alloc) << thrower;
    EXPECT_EQ(begun, kWorkers);
    EXPECT_EQ(ended, kWorkers - 1) << thrower;
  }
  std::atomic<int> done{0};
  auto count = [&](int, std::size_t) { ++done; };
  ForAll(pool, 100, count);
  EXPECT_EQ(done, 100);
}

TEST(ThreadPool, WithoutANumberThereIsAtLeastOneWorker) { EXPECT_GE(ThreadPool(0).size(), 1); }

}  // namespace
}  // namespace delstep
