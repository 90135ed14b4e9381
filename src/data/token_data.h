#pragma once
/// Data sets for language models: sequences of tokens and the token that comes next.
#include <cstddef>
#include <cstdint>
#include <span>

#include "data/vocabulary.h"
#include "delstep/data.h"
#include "delstep/result.h"

namespace delstep {

/// An example: the tokens from `begin` on in a stream, and the token to predict.
struct TokenExample {
  std::size_t begin = 0;
  std::uint32_t next = 0;
};

/// The most features of such a data set; each takes a byte or, with more than 256 ids, four.
constexpr std::size_t kMostTokenFeatures = std::size_t{1} << 33;

/// A data set of the examples, each of `sequence` tokens of `stream`; tokens are numbers that
/// `vocabulary` turns into ids. Features are bytes where 256 ids suffice, else floats; classes are
/// ids too, and named. Name, sources and files are left to the caller; all examples are training
/// examples. Requires that every example lies in the stream.
///
/// Errors (kUsage): more than kMostTokenFeatures.
Result<LoadedData> MakeTokenData(std::span<const std::uint32_t> stream,
                                 std::span<const TokenExample> examples, std::size_t sequence,
                                 const Vocabulary& vocabulary);

}  // namespace delstep
