#include "peak.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <vector>

#include "large_pages.h"
#include "learning/pool_workers.h"

#ifdef __x86_64__
#define DELSTEP_TARGET(options) __attribute__((target(options)))
#else
#define DELSTEP_TARGET(options)
#endif

namespace delstep {
namespace {

double Seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

constexpr int kRounds = 1 << 15, kChains = 12;

/// A loop over enough independent chains to hide the latency of one. It is written once for every
/// width, always inlined into a function of the wanted instruction set.
template <class Vector>
__attribute__((always_inline)) inline float Chains(float a) {
  Vector sums[kChains];
  for (int c = 0; c < kChains; ++c) sums[c] = static_cast<float>(c) - Vector{};  // all different
  const Vector factor = a - Vector{}, summand = (1 - a) - Vector{};
  for (int i = 0; i < kRounds; ++i)
#pragma GCC unroll 16
    for (int c = 0; c < kChains; ++c) sums[c] = sums[c] * factor + summand;
  Vector total = {};
  for (const Vector& sum : sums) total += sum;
  return total[0];
}

typedef float Vector4 __attribute__((vector_size(16)));
typedef float Vector8 __attribute__((vector_size(32)));
typedef float Vector16 __attribute__((vector_size(64)));
float LoopOf4(float a) { return Chains<Vector4>(a); }
DELSTEP_TARGET("avx2,fma") float LoopOf8(float a) { return Chains<Vector8>(a); }
DELSTEP_TARGET("avx512f") float LoopOf16(float a) { return Chains<Vector16>(a); }

/// The best of a few short runs: what the machine can do, not what it happened to do.
template <class Run>
double Fastest(Run run) {
  double best = 1e9;
  for (int i = 0; i < 12; ++i) {
    const double begin = Seconds();
    run();
    best = std::min(best, Seconds() - begin);
  }
  return best;
}

/// Seconds of a pass when `threads` threads make one each at the same time, and many in a row, so
/// that waking them does not count.
template <class Pass>
double Together(std::size_t threads, std::size_t passes, Pass pass) {
  PoolWorkers workers(threads);
  const double seconds = Fastest([&] {
    workers.ForEach(threads, [&](int, std::size_t thread) {
      for (std::size_t i = 0; i < passes; ++i) pass(thread);
    });
  });
  return seconds / static_cast<double>(passes);
}

struct TriadArrays {
  explicit TriadArrays(std::size_t floats) : n(floats), a(n), b(n), c(n) {}
  std::size_t n;
  LargePages a, b, c;
};

}  // namespace

double PeakGflops(const Kernels& kernels, std::size_t threads) {
  const std::string_view name = kernels.name;
  const auto rate = [&](double lanes, float (*loop)(float)) {
    const double seconds = Together(
        threads, 8, [&](std::size_t) { [[maybe_unused]] volatile float sink = loop(0.5f); });
    return 2 * lanes * kChains * kRounds * static_cast<double>(threads) / seconds * 1e-9;
  };
  if (name == "avx512") return rate(16, LoopOf16);
  if (name == "avx2") return rate(8, LoopOf8);
  return rate(4, LoopOf4);
}

double TriadGigabytes(std::size_t bytes, std::size_t threads) {
  constexpr std::size_t kBytesOfARun = 50'000'000;
  std::vector<TriadArrays> parts;
  for (std::size_t i = 0; i < threads; ++i) parts.emplace_back(bytes / threads / 3 / sizeof(float));
  volatile float scale = 3;
  const float s = scale;
  const std::size_t passes = std::max<std::size_t>(1, kBytesOfARun / bytes);
  const double seconds = Together(threads, passes, [&](std::size_t thread) {
    TriadArrays& part = parts[thread];
    float *a = part.a.data(), *b = part.b.data(), *c = part.c.data();
    for (std::size_t i = 0; i < part.n; ++i) a[i] = b[i] + s * c[i];
    __asm__ volatile("" : : "r"(a) : "memory");
  });
  const std::size_t moved = 3 * sizeof(float) * parts[0].n * threads;
  return static_cast<double>(moved) / seconds * 1e-9;
}

}  // namespace delstep
