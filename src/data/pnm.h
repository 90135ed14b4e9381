#pragma once
/// PBM, PGM and PPM, the simplest of picture formats, each binary or as plain text. The decoder of
/// the other formats (picture.cc) would read some of them too, but wrongly: it does not scale by
/// the maximum of the header, so that a picture of 16 grey levels is nearly black, and where values
/// have two bytes it reads beyond its memory.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "delstep/result.h"

namespace delstep {

/// Red, green and blue of each pixel, row by row.
struct Pixels {
  std::size_t width = 0, height = 0;
  std::vector<std::uint8_t> colours;
};

constexpr std::size_t kMostPictureSide = 32768;
constexpr std::size_t kMostPicturePixels = std::size_t{1} << 26;

/// Whether the content begins as PBM (P1, P4), PGM (P2, P5) or PPM (P3, P6) does, or as PAM (P7).
bool IsPnm(std::span<const std::uint8_t> content);

/// Reads such a picture; values are scaled from the maximum in the header to 255, and rounded. In a
/// PBM, 1 is black. What follows is left out. Errors (kFile): PAM, which is not read, a bad header,
/// sizes of 0 or beyond the limits above, values above the maximum, too few of them, what is no
/// number where numbers are written as text.
Result<Pixels> DecodePnm(std::span<const std::uint8_t> content, const std::string& name);

}  // namespace delstep
