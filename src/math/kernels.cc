#include "math/kernels.h"

#include <vector>

namespace delstep {

extern const Kernels kPortableKernels;
#ifdef __x86_64__
extern const Kernels kAvx2Kernels, kAvx512Kernels;
#endif

namespace {

/// In ascending order of speed: the last is the best.
std::vector<const Kernels*> FindRunnable() {
  std::vector<const Kernels*> found = {&kPortableKernels};
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    found.push_back(&kAvx2Kernels);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    found.push_back(&kAvx512Kernels);
#endif
  return found;
}

}  // namespace

std::span<const Kernels* const> RunnableKernels() {
  static const std::vector<const Kernels*> runnable = FindRunnable();
  return runnable;
}

const Kernels& PortableKernels() { return kPortableKernels; }

const Kernels& BestKernels() { return *RunnableKernels().back(); }

}  // namespace delstep
