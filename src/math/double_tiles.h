#pragma once
/// Sums and maxima of short rows of doubles, for what has to be exact to the bit.
///
/// Unlike the kernels of kernels.h these round each product and each sum by itself, on every
/// processor: a faster one only takes more columns at a time. Rows are as short as the accumulators
/// that registers hold. So a caller with longer rows cuts them into tiles of this width, and takes
/// the same tile of all rows for all of its sums while it lies in the cache.
/// Which of them is chosen by DELSTEP_KERNELS, as the kernels are, and changes no bits.
/// Threads: any; nothing is kept.
#include <cstddef>
#include <cstdint>
#include <span>

namespace delstep {

inline constexpr std::size_t kTileColumns = 32;
struct alignas(64) TileRow {
  double columns[kTileColumns];
};

/// A row, by its place in a list of rows, and its weight in a sum.
struct TileTerm {
  double weight = 0;
  std::uint32_t row = 0;
};

/// out[c] = start[c] + the sum of weight * row[c], for each term in order and each column c. `out`
/// may be `start`, but none of the rows; it need not hold anything before.
void AddRows(std::span<const TileTerm> terms, const TileRow* rows, const TileRow& start,
             TileRow& out);

/// out[c] = the largest of start[c] and row[c] of each term, whose weight is ignored. Nothing may
/// be NaN.
void TakeLargest(std::span<const TileTerm> terms, const TileRow* rows, const TileRow& start,
                 TileRow& out);

/// AddRows() and TakeLargest() as one instruction set has them.
struct TileKernels {
  using Function = void (*)(std::span<const TileTerm> terms, const TileRow* rows,
                            const TileRow& start, TileRow& out);
  const char* name;  ///< as of Kernels::name
  Function add_rows, take_largest;
};
/// Those that this processor can run, the slowest first; for tests.
std::span<const TileKernels> RunnableTileKernels();

}  // namespace delstep
