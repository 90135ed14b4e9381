#pragma once
/// The JSON files of LEAF (Caldas et al. 2018, "LEAF: a benchmark for federated settings"):
///
///   {"users": [...], "num_samples": [...],
///    "user_data": {USER: {"x": [EXAMPLE, ...], "y": [LABEL, ...]}, ...}}
///
/// An EXAMPLE is a list of numbers (lists in it are flattened), and its LABEL a whole number from 0
/// on, which may be a text ("3"); or an EXAMPLE is a text, and its LABEL the character that comes
/// next. Only "user_data" is needed; everything else is skipped.
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "archive/byte_source.h"
#include "data/vocabulary.h"
#include "delstep/result.h"

namespace delstep {

/// What the files read so far hold, example after example.
struct LeafContent {
  enum class Kind : std::uint8_t { kUnknown, kNumbers, kText };

  Kind kind = Kind::kUnknown;
  std::size_t example_size = 0;           ///< numbers or characters of an example
  std::vector<float> values;              ///< kNumbers: example_size an example
  std::vector<std::uint32_t> characters;  ///< kText: the same, as numbers of `counts`
  TokenCounts counts;                     ///< kText: of examples and labels
  std::vector<std::int32_t> labels;       ///< kNumbers: classes; kText: numbers of `counts`
  std::vector<std::uint32_t> sources;     ///< indices into source_names
  std::vector<std::string> source_names;  ///< users with at least one example
  std::unordered_map<std::string, std::uint32_t> source_of;
};

constexpr std::int32_t kMostLeafClasses = 1'000'000;

/// Reads one file and appends to `into`, in the order of the file; a user met before goes on. The
/// file is never in memory as a whole. After an error `into` is unspecified.
///
/// Errors (kFile): no JSON, another structure, examples of different sizes or kinds, numbers beyond
/// float, labels out of range, unequal numbers of examples and labels. They name the user and the
/// position in its list.
Result<void> ReadLeafFile(ByteSource& source, LeafContent& into);

}  // namespace delstep
