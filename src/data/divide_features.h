#pragma once
/// `data.scale`: what the features of a data set are divided by.
#include "delstep/data.h"
#include "delstep/result.h"

namespace delstep {

/// Divides the features as data.scale says ("auto", "none" or a number). Bytes stay bytes: only
/// what a byte means changes. Other numbers are divided once, into memory of their own, and the old
/// memory is given back.
///
/// Errors (kUsage, about data.scale), which change nothing: no number other than 0; one so small
/// that features become infinite, of bytes 255 / data.scale; a divisor for ids of tokens, which are
/// no quantities.
Result<void> DivideFeatures(const DataOptions& options, LoadedData& loaded);

}  // namespace delstep
