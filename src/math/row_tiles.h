#pragma once
/// Sums, maxima and minima of short pieces of rows, for what has to be exact to the bit.
///
/// Unlike the kernels of kernels.h these round each product and each sum by itself, on every
/// processor: a faster one only takes more columns at a time. A piece is as long as the accumulators
/// that registers hold: 32 columns, a tile. So a caller with longer rows takes the same tile of all
/// rows for all of its sums, while it lies in the cache.
/// Which of them is chosen by DELSTEP_KERNELS, as the kernels are, and changes no bits.
/// Threads: any; nothing is kept.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace delstep {

inline constexpr std::size_t kTileColumns = 32;
/// One tile, for what comes out.
template <class Number>
using TileOf = std::array<Number, kTileColumns>;
/// Where the rows are, each wherever it lies. A tile of them is kTileColumns neighbours from
/// `column` on.
template <class Number>
struct TileRows {
  const Number* const* rows = nullptr;
  std::size_t column = 0;
};

/// A row, by its place in a list of rows, and its weight in a sum.
struct TileTerm {
  double weight = 0;
  std::uint32_t row = 0;
};

using TileTerms = std::span<const TileTerm>;

/// sums[c] = start[c] + weight * row[c] of each term, in order. `sums` may be `start`; else it need
/// not hold anything, and is better not written to just before: a wide load waits for narrow stores.
void AddRows(TileTerms terms, TileRows<double> rows, const TileOf<double>& start,
             TileOf<double>& sums);
/// largest[c] = the largest of start[c] and row[c] of each term, whose weight is ignored.
void TakeLargest(TileTerms terms, TileRows<std::int32_t> rows, const TileOf<std::int32_t>& start,
                 TileOf<std::int32_t>& largest);
/// The smallest likewise.
void TakeSmallest(TileTerms terms, TileRows<std::int32_t> rows, const TileOf<std::int32_t>& start,
                  TileOf<std::int32_t>& smallest);

/// AddRows(), TakeLargest() and TakeSmallest() as one instruction set has them.
struct TileKernels {
  template <class Number>
  using Function = void (*)(TileTerms terms, TileRows<Number> rows, const TileOf<Number>& start,
                            TileOf<Number>& out);
  const char* name;  ///< as of Kernels::name
  Function<double> add_rows;
  Function<std::int32_t> take_largest, take_smallest;
};
/// Those that this processor can run, the slowest first; for tests.
std::span<const TileKernels> RunnableTileKernels();

}  // namespace delstep
