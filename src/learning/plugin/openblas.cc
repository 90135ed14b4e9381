#include "learning/plugin/openblas.h"

#include <fmt/format.h>

#include <cstdlib>

namespace delstep {
namespace {

constexpr const char* kCoreType = "OPENBLAS_CORETYPE";

bool UserHasChosen() { return std::getenv(kCoreType) != nullptr; }

}  // namespace

std::string_view OpenBlasKernels(std::string_view instruction_set, bool portable) {
#ifdef __x86_64__
  if (portable) return "Prescott";
#endif
  if (instruction_set == "avx512") return "SkylakeX";
  if (instruction_set == "avx2") return "Haswell";
  // For older processors there are several families, and every release knows them.
  return {};
}

OpenBlasChoice::OpenBlasChoice(std::string_view kernels) {
  if (kernels.empty() || UserHasChosen()) return;
  is_ours_ = setenv(kCoreType, std::string(kernels).c_str(), /*overwrite=*/0) == 0;
}

OpenBlasChoice::~OpenBlasChoice() {
  if (is_ours_) unsetenv(kCoreType);
}

OpenBlasFinding JudgeOpenBlas(const std::string& described, std::string_view kernels) {
  const auto says = [&](std::string_view word) {
    return (described + " ").find(fmt::format(" {} ", word)) != std::string::npos;
  };
  // Without DYNAMIC_ARCH it was built for one processor, and has nothing to choose from.
  const bool chooses = described.starts_with("OpenBLAS") && says("DYNAMIC_ARCH");
  if (!chooses || kernels.empty()) return {described};
  if (UserHasChosen()) return {fmt::format("{}; you set {}", described, kCoreType)};
  if (says(kernels))
    return {fmt::format("{}; delstep told it to take its kernels {}", described, kernels)};
  return {fmt::format("{}; delstep told it to take its kernels {}, but it has no such, or was "
                      "loaded before; start with {}={}",
                      described, kernels, kCoreType, kernels),
          false};
}

}  // namespace delstep
