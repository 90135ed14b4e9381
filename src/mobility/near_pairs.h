#pragma once
/// Which of many rectangles overlap: the pairs of nodes that may meet while time passes.
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace delstep {

/// A rectangle along the axes, its border included; empty unless x_low <= x_high and y_low <=
/// y_high. Finite.
struct Box {
  double x_low = 0, y_low = 0, x_high = -1, y_high = -1;
};

/// All pairs (a, b), a < b, of boxes that overlap or touch, each once, in no particular order that
/// means anything, but the same for the same boxes. By a uniform grid whose cells are about as
/// large as an average box, so the time is in proportion to boxes and pairs where sizes are alike.
/// The few boxes that would cover very many cells are compared with all others instead.
std::vector<std::pair<std::uint32_t, std::uint32_t>> NearPairs(std::span<const Box> boxes);

}  // namespace delstep
