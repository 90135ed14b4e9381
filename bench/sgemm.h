#pragma once
/// What a well-kept BLAS makes of a matrix product on this machine. OpenBLAS is found at run time:
/// the project itself does not need it.
#include <cstddef>
#include <optional>
#include <string>

namespace delstep {

struct SgemmShape {
  int m = 0, n = 0, k = 0;
};

class Sgemm {
 public:
  /// Null where no OpenBLAS is installed.
  static std::optional<Sgemm> Load();

  /// "OpenBLAS 0.3.21 ... SkylakeX": the version and the kernels it chose.
  std::string Name() const;
  /// GFLOP/s of C = A B, row-major: A is m x k, B is k x n.
  double Gflops(SgemmShape shape, int threads) const;

 private:
  using Multiply = void (*)(int order, int transpose_a, int transpose_b, int m, int n, int k,
                            float alpha, const float* a, int a_stride, const float* b, int b_stride,
                            float beta, float* c, int c_stride);
  using SetThreads = void (*)(int);
  using Describe = char* (*)();

  Multiply multiply_ = nullptr;
  SetThreads set_threads_ = nullptr;
  Describe config_ = nullptr, core_ = nullptr;
};

}  // namespace delstep
