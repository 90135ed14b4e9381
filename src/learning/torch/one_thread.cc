#include "learning/torch/one_thread.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>

namespace delstep {
namespace {

/// Looked up by name: which BLAS there is shows only when the program runs.
template <class Function>
Function* Find(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

std::string FileOf(void* symbol) {
  Dl_info info;
  if (!symbol || dladdr(symbol, &info) == 0 || !info.dli_fname) return {};
  std::error_code failed;
  const auto path = std::filesystem::canonical(info.dli_fname, failed);
  return failed ? info.dli_fname : path.string();
}

}  // namespace

void UseOneThread() {
  // Nodes run in parallel, operations do not: a product split by threads has other bits.
  at::set_num_threads(1);
  if (auto* set = Find<void(int)>("openblas_set_num_threads")) set(1);
}

BlasDescription DescribeBlas() {
  if (auto* config = Find<char*()>("openblas_get_config")) return {config(), false};
  const std::string file = FileOf(dlsym(RTLD_DEFAULT, "sgemm_"));
  if (file.empty()) return {"part of LibTorch", false};
  // Debian keeps each BLAS in a folder of its name, Netlib's in `blas`.
  const std::string folder = std::filesystem::path(file).parent_path().filename().string();
  return {file, folder == "blas"};
}

}  // namespace delstep
