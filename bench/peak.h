#pragma once
/// What this machine can do at most, measured beside each figure: on a shared machine yesterday's
/// peak is of no use.
#include "math/kernels.h"

namespace delstep {

/// GFLOP/s of one thread that does nothing but multiply and add in registers, with the instructions
/// that `kernels` are made of.
double PeakGflops(const Kernels& kernels);

/// GB/s of one thread that forms a[i] = b[i] + s * c[i] over arrays of `bytes` bytes together:
/// two reads and a write an element.
double TriadGigabytes(std::size_t bytes);

}  // namespace delstep
