#pragma once
/// A synthetic data set for first steps and tests: one Gaussian cloud a class, no files.
#include <cstdint>

#include "delstep/data.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// `options.samples` examples of `options.features` floats. Each class has a centre with
/// independent N(0, 16 / features) coordinates, so that two centres are about 4 * sqrt(2) apart
/// whatever the number of features; an example is its class's centre plus N(0, spread^2) on each
/// coordinate. With spread 1 and a dozen features or more a linear classifier separates a few
/// classes nearly perfectly.
///
/// Labels differ in number by at most one and come in random order; the
/// first floor(samples * 6 / 7) examples are the training part, the others the test part. The same
/// seed and options give the same bits.
///
/// Errors (kUsage): fewer than 1 class or feature, fewer than
/// 7 samples or than classes, a negative or infinite spread, more than 2^30 values in all.
Result<LoadedData> MakeBlobs(const DataOptions& options, std::uint64_t seed);

}  // namespace delstep
