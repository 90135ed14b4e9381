#pragma once
/// Many random floats at once.
#include <span>

#include "delstep/random.h"

namespace delstep {

/// Sets each value, in order, to what `static_cast<float>(random.Uniform(low, high))` would give,
/// in a third of the time: initial weights are some thousands of them per node. The random words
/// come from whole vectors; what is made of them is the same arithmetic. `portable`: by the code
/// that every machine runs; the values are the same.
void FillUniform(Random& random, double low, double high, std::span<float> values, bool portable);

}  // namespace delstep
