#include "peak.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "math/aligned_floats.h"

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

}  // namespace

double PeakGflops(const Kernels& kernels) {
  volatile float sink = 0;
  const std::string_view name = kernels.name;
  const auto rate = [&](double lanes, float (*loop)(float)) {
    return 2 * lanes * kChains * kRounds / Fastest([&] { sink = loop(0.5f); }) * 1e-9;
  };
  if (name == "avx512") return rate(16, LoopOf16);
  if (name == "avx2") return rate(8, LoopOf8);
  return rate(4, LoopOf4);
}

double TriadGigabytes(std::size_t bytes) {
  const std::size_t n = bytes / 3 / sizeof(float);
  AlignedFloats a(n), b(n), c(n);
  float *pa = a.data(), *pb = b.data(), *pc = c.data();
  volatile float scale = 3;
  const float s = scale;
  const double seconds = Fastest([&] {
    for (std::size_t i = 0; i < n; ++i) pa[i] = pb[i] + s * pc[i];
    __asm__ volatile("" : : "r"(pa) : "memory");
  });
  return 3.0 * static_cast<double>(n * sizeof(float)) / seconds * 1e-9;
}

}  // namespace delstep
