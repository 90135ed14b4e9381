#include "mobility/near_pairs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace delstep {
namespace {

bool Empty(const Box& box) { return !(box.x_low <= box.x_high && box.y_low <= box.y_high); }

bool Overlap(const Box& a, const Box& b) {
  return a.x_low <= b.x_high && b.x_low <= a.x_high && a.y_low <= b.y_high && b.y_low <= a.y_high;
}

struct Cell {
  std::int32_t column = 0, row = 0;
  friend bool operator==(Cell, Cell) = default;
};
/// A box that lies in a cell, at least with a part of it.
struct Entry {
  Cell cell;
  std::uint32_t box = 0;
  auto Key() const { return std::tuple(cell.column, cell.row, box); }
};

class Grid {
 public:
  explicit Grid(std::span<const Box> boxes) {
    double x_high = std::numeric_limits<double>::lowest(), y_high = x_high;
    double width = 0, height = 0, count = 0;
    x_low_ = y_low_ = std::numeric_limits<double>::max();
    for (const Box& box : boxes) {
      if (Empty(box)) continue;
      x_low_ = std::min(x_low_, box.x_low);
      y_low_ = std::min(y_low_, box.y_low);
      x_high = std::max(x_high, box.x_high);
      y_high = std::max(y_high, box.y_high);
      width += box.x_high - box.x_low;
      height += box.y_high - box.y_low;
      ++count;
    }
    if (count == 0) return;
    // Not so small that cells could not be numbered.
    const double extent = std::max({x_high - x_low_, y_high - y_low_, 1e-300});
    side_ = std::max({width / count, height / count, extent / (1 << 30)});
  }

  Cell At(double x, double y) const {
    return {static_cast<std::int32_t>((x - x_low_) / side_),
            static_cast<std::int32_t>((y - y_low_) / side_)};
  }

 private:
  double x_low_ = 0, y_low_ = 0, side_ = 1;
};

}  // namespace

std::vector<std::pair<std::uint32_t, std::uint32_t>> NearPairs(std::span<const Box> boxes) {
  constexpr std::int64_t kMostCells = 64;
  const Grid grid(boxes);
  std::vector<Entry> entries;
  std::vector<std::uint32_t> large;
  for (std::uint32_t i = 0; i < boxes.size(); ++i) {
    const Box& box = boxes[i];
    if (Empty(box)) continue;
    const Cell low = grid.At(box.x_low, box.y_low), high = grid.At(box.x_high, box.y_high);
    const std::int64_t columns = high.column - low.column + 1, rows = high.row - low.row + 1;
    if (columns > kMostCells || rows > kMostCells || columns * rows > kMostCells) {
      large.push_back(i);
      continue;
    }
    for (std::int32_t column = low.column; column <= high.column; ++column)
      for (std::int32_t row = low.row; row <= high.row; ++row)
        entries.push_back({{column, row}, i});
  }
  std::ranges::sort(entries, {}, &Entry::Key);

  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Box& a = boxes[entries[i].box];
    for (std::size_t j = i + 1; j < entries.size() && entries[j].cell == entries[i].cell; ++j) {
      const Box& b = boxes[entries[j].box];
      // Two boxes may share several cells: the one with the lower left corner of what they have in
      // common counts.
      if (Overlap(a, b) &&
          grid.At(std::max(a.x_low, b.x_low), std::max(a.y_low, b.y_low)) == entries[i].cell)
        pairs.emplace_back(entries[i].box, entries[j].box);
    }
  }
  for (const std::uint32_t a : large)
    for (std::uint32_t b = 0; b < boxes.size(); ++b) {
      // Of two large ones the pair comes once.
      if (a == b || Empty(boxes[b]) || !Overlap(boxes[a], boxes[b]) ||
          (b < a && std::ranges::binary_search(large, b)))
        continue;
      pairs.emplace_back(std::min(a, b), std::max(a, b));
    }
  return pairs;
}

}  // namespace delstep
