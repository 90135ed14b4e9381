#pragma once
/// The types of numbers that tensors in files are made of, and floats out of them.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "archive/byte_source.h"
#include "delstep/result.h"

namespace delstep {

/// A tensor has at most so many dimensions; what claims more is refused.
inline constexpr std::size_t kMostTensorDimensions = 64;

struct NumberType {
  enum class Kind : char { kUnsigned = 'u', kSigned = 'i', kFloat = 'f', kBfloat = 'b' };
  std::string_view name;  ///< in the file: "BF16", "HalfStorage"
  Kind kind = Kind::kFloat;
  std::size_t size = 4;  ///< bytes
};

/// The numbers, little-endian, that the source holds; it must end after `count` of them. Requires
/// that count * type.size fits in 63 bits. Memory is taken as the bytes come.
/// Errors (kFile): too few or too many bytes; an integer that a float does not hold exactly (beyond
/// 2^24), a finite double that overflows.
Result<std::vector<float>> ReadFloats(ByteSource& source, const NumberType& type,
                                      std::uint64_t count);

/// "[10, 32]"
std::string ShapeText(const std::vector<std::int64_t>& shape);
/// A name out of a file, fit for a message.
std::string NameText(std::string_view name);

}  // namespace delstep
