#pragma once
/// What this machine can do at most, measured beside each figure: on a shared machine yesterday's
/// peak is of no use.
#include <cstddef>

#include "math/kernels.h"

namespace delstep {

/// GFLOP/s of threads that do nothing but multiply and add in registers, with the instructions that
/// `kernels` are made of.
double PeakGflops(const Kernels& kernels, std::size_t threads = 1);

/// GB/s of threads that form a[i] = b[i] + s * c[i], each over a part of its own, over arrays of
/// `bytes` bytes together: two reads and a write an element.
double TriadGigabytes(std::size_t bytes, std::size_t threads = 1);

}  // namespace delstep
