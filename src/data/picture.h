#pragma once
/// One picture of a file: decoded and scaled.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "delstep/result.h"

namespace delstep {

struct Picture {
  std::size_t channels = 0;  ///< 1 if it is grey, else 3: red, green, blue
  /// channels * size * size values: one channel after another, row by row.
  std::vector<std::uint8_t> values;
};

/// Decodes PNG, JPEG, BMP, PPM or PGM (of channels of 16 bits the upper 8) and scales it to `size`
/// x `size` pixels (scale.h). A picture is grey if red, green and blue agree in every pixel.
/// Transparency is dropped. `name` is what messages call it. Requires less than 2 GiB of content
/// and 1 <= size <= kMostPictureSide (pnm.h).
///
/// Errors (kFile): another format, damaged or cut off, larger than the limits of pnm.h.
Result<Picture> DecodePicture(std::span<const std::uint8_t> content, const std::string& name,
                              std::size_t size);

}  // namespace delstep
