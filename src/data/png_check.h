#pragma once
/// What the decoder of PNG takes on trust: check sums, and colours that the palette does not hold.
/// Without these checks a damaged picture would be learned from as if nothing were wrong.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "delstep/result.h"

namespace delstep {

bool IsPng(std::span<const std::uint8_t> content);

/// Walks the chunks: each that a picture needs has the check sum that it says. The error is kFile.
Result<void> CheckPng(std::span<const std::uint8_t> content, const std::string& name);

/// The pixels of a PNG with a palette, before the palette is looked into.
struct PngIndices {
  std::vector<std::uint8_t> grey;  ///< a PNG whose grey levels are the indices
  unsigned step = 1;               ///< an index is a grey level divided by this
  std::size_t colours = 0;         ///< that the palette holds
};

/// Nothing where there is no palette, or where it holds a colour for each index that can be
/// written. Asks for content that CheckPng() has passed.
std::optional<PngIndices> IndicesOfPng(std::span<const std::uint8_t> content);

/// `pixels` are those of PngIndices::grey, three equal bytes a pixel.
Result<void> CheckIndices(const PngIndices& indices, std::span<const std::uint8_t> pixels,
                          const std::string& name);

}  // namespace delstep
