#pragma once
/// Pictures of another size.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace delstep {

/// One channel of `width` x `height` values, row by row, as `size` x `size` ones, whatever the
/// proportions. The filter is a triangle, in each direction as wide as two pixels of the coarser of
/// the two grids, as Pillow's and torchvision's bilinear resizing (with antialiasing) has it.
/// Requires that no size is 0.
std::vector<std::uint8_t> Scale(std::span<const std::uint8_t> plane, std::size_t width,
                                std::size_t height, std::size_t size);

}  // namespace delstep
