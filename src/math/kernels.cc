#include "math/kernels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "math/chosen_kernels.h"

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

constexpr const char* kVariable = "DELSTEP_KERNELS";

/// Of the environment; empty if it is not set.
std::string ChosenName() {
  const char* value = std::getenv(kVariable);
  return value == nullptr ? "" : value;
}

const Kernels& Choose() {
  const auto runnable = RunnableKernels();
  const auto found = std::ranges::find(runnable, ChosenName(), &Kernels::name);
  return found == runnable.end() ? *runnable.back() : **found;
}

}  // namespace

std::span<const Kernels* const> RunnableKernels() {
  static const std::vector<const Kernels*> runnable = FindRunnable();
  return runnable;
}

const Kernels& PortableKernels() { return kPortableKernels; }

const Kernels& BestKernels() {
  static const Kernels& best = Choose();
  return best;
}

Result<void> CheckChosenKernels() {
  const std::string chosen = ChosenName();
  if (chosen.empty() || chosen == BestKernels().name) return {};
  std::string names;
  for (const Kernels* kernels : RunnableKernels())
    names += fmt::format("{}{}", names.empty() ? "" : ", ", kernels->name);
  return UsageError(fmt::format("no kernels named {}='{}'", kVariable, chosen),
                    fmt::format("this processor runs: {}; unset it for the best", names));
}

}  // namespace delstep
