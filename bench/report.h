#pragma once
/// How the micro-benchmarks report: rates, and their share of what the machine can do.
#include <benchmark/benchmark.h>

#include <string>

#include "math/kernels.h"

namespace delstep {

/// `flops` and `bytes` are those of one iteration, the peaks those measured beside it.
inline void ReportFlops(benchmark::State& state, double flops, double peak_gflops) {
  using benchmark::Counter;
  state.counters["GFLOP/s"] = Counter(flops * 1e-9, Counter::kIsIterationInvariantRate);
  state.counters["of_peak"] =
      Counter(flops * 1e-9 / peak_gflops, Counter::kIsIterationInvariantRate);
}
inline void ReportBytes(benchmark::State& state, double bytes, double peak_gigabytes) {
  using benchmark::Counter;
  state.counters["GB/s"] = Counter(bytes * 1e-9, Counter::kIsIterationInvariantRate);
  state.counters["of_triad"] =
      Counter(bytes * 1e-9 / peak_gigabytes, Counter::kIsIterationInvariantRate);
}

/// Enters `run(state, kernels)` once for each variant of the kernels: "NAME/avx512", ...
template <class Run>
void RegisterVariants(const std::string& name, Run run) {
  for (const Kernels* kernels : RunnableKernels())
    benchmark::RegisterBenchmark((name + "/" + kernels->name).c_str(),
                                 [run, kernels](benchmark::State& state) { run(state, *kernels); });
}

}  // namespace delstep
