#include "sgemm.h"

#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace delstep {

std::optional<Sgemm> Sgemm::Load() {
  void* library = dlopen("libopenblas.so.0", RTLD_NOW);
  if (library == nullptr) return std::nullopt;
  Sgemm blas;
  blas.multiply_ = reinterpret_cast<Multiply>(dlsym(library, "cblas_sgemm"));
  blas.set_threads_ = reinterpret_cast<SetThreads>(dlsym(library, "openblas_set_num_threads"));
  blas.config_ = reinterpret_cast<Describe>(dlsym(library, "openblas_get_config"));
  blas.core_ = reinterpret_cast<Describe>(dlsym(library, "openblas_get_corename"));
  const bool complete = blas.multiply_ && blas.set_threads_ && blas.config_ && blas.core_;
  return complete ? std::optional(blas) : std::nullopt;
}

std::string Sgemm::Name() const {
  const std::string config = config_();  // "OpenBLAS 0.3.21 NO_AFFINITY ...": two words will do
  const std::size_t second = config.find(' ', config.find(' ') + 1);
  return config.substr(0, second) + " " + core_();
}

double Sgemm::Gflops(SgemmShape shape, int threads) const {
  constexpr int kRowMajor = 101, kAsItIs = 111;
  const auto [m, n, k] = shape;
  const auto size = [](int rows, int columns) {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  };
  const std::vector<float> a(size(m, k), 0.5f), b(size(k, n), 0.25f);
  std::vector<float> c(size(m, n));
  set_threads_(threads);
  const double flops = 2.0 * m * n * k;
  const int passes = static_cast<int>(std::max(1.0, 3e8 / flops));
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    for (int pass = 0; pass < passes; ++pass)
      multiply_(kRowMajor, kAsItIs, kAsItIs, m, n, k, 1, a.data(), k, b.data(), n, 0, c.data(), n);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    best = std::min(best, taken.count() / passes);
  }
  return flops / best * 1e-9;
}

}  // namespace delstep
