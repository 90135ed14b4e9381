#pragma once
/// Threads of LibTorch and of the linear algebra below it.
#include <string>

namespace delstep {

/// One thread for each operation, whoever calls it: nodes are what runs in parallel, and splitting
/// a product by the number of threads would change its bits. For the process, from now on.
void UseOneThread();

/// Which library multiplies matrices: "OpenBLAS 0.3.21 ...", "a BLAS in /usr/lib/...".
struct BlasDescription {
  std::string text;
  bool is_reference = false;  ///< Netlib's, eight times slower than OpenBLAS
};
BlasDescription DescribeBlas();

}  // namespace delstep
