#include "math/double_tiles.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "math/kernels.h"

namespace delstep {
namespace {

/// One source for all instruction sets: `Vectors` accumulators of `Lanes` doubles stay in registers
/// while all terms pass by. Everything is inlined into a function that is compiled for the set.
template <int Lanes, int Vectors>
struct Accumulators {
  typedef double Vector __attribute__((vector_size(Lanes * sizeof(double))));

  template <class Step>
  [[gnu::always_inline]] static inline void Run(std::span<const TileTerm> terms,
                                                const TileRow* rows, const TileRow& start,
                                                TileRow& out, Step step) {
    for (std::size_t c = 0; c < kTileColumns; c += Lanes * Vectors) {
      Vector sums[Vectors];
#pragma GCC unroll 8
      for (int v = 0; v < Vectors; ++v)
        __builtin_memcpy(&sums[v], start.columns + c + v * Lanes, sizeof(Vector));
      for (const TileTerm& term : terms) {
        const double* row = rows[term.row].columns + c;
#pragma GCC unroll 8
        for (int v = 0; v < Vectors; ++v) {
          Vector x;
          __builtin_memcpy(&x, row + v * Lanes, sizeof x);
          step(sums[v], x, term.weight);
        }
      }
#pragma GCC unroll 8
      for (int v = 0; v < Vectors; ++v)
        __builtin_memcpy(out.columns + c + v * Lanes, &sums[v], sizeof(Vector));
    }
  }
  [[gnu::always_inline]] static inline void Add(std::span<const TileTerm> terms,
                                                const TileRow* rows, const TileRow& start,
                                                TileRow& out) {
    Run(
        terms, rows, start, out,
        [](Vector & sum, const Vector& x, double weight)
            __attribute__((always_inline)) { sum += weight * x; });
  }
  [[gnu::always_inline]] static inline void Largest(std::span<const TileTerm> terms,
                                                    const TileRow* rows, const TileRow& start,
                                                    TileRow& out) {
    Run(
        terms, rows, start, out,
        [](Vector & sum, const Vector& x, double /*weight*/)
            __attribute__((always_inline)) { sum = sum < x ? x : sum; });
  }
};

// Half a tile at a time, where there are 16 registers of two lanes.
constexpr TileKernels kPortable = {
    .name = "portable",
    .add_rows = Accumulators<2, 8>::Add,
    .take_largest = Accumulators<2, 8>::Largest,
};

#ifdef __x86_64__
// Without "fma": nothing could fuse a product with its sum.
__attribute__((target("avx2"))) void AddBy4(std::span<const TileTerm> terms, const TileRow* rows,
                                            const TileRow& start, TileRow& out) {
  Accumulators<4, 8>::Add(terms, rows, start, out);
}
__attribute__((target("avx2"))) void LargestBy4(std::span<const TileTerm> terms,
                                                const TileRow* rows, const TileRow& start,
                                                TileRow& out) {
  Accumulators<4, 8>::Largest(terms, rows, start, out);
}
constexpr TileKernels kAvx2 = {.name = "avx2", .add_rows = AddBy4, .take_largest = LargestBy4};

// "avx512f" brings "fma" with it, which -ffp-contract=off keeps the compiler from using.
__attribute__((target("avx512f"))) void AddBy8(std::span<const TileTerm> terms, const TileRow* rows,
                                               const TileRow& start, TileRow& out) {
  Accumulators<8, 4>::Add(terms, rows, start, out);
}
__attribute__((target("avx512f"))) void LargestBy8(std::span<const TileTerm> terms,
                                                   const TileRow* rows, const TileRow& start,
                                                   TileRow& out) {
  Accumulators<8, 4>::Largest(terms, rows, start, out);
}
constexpr TileKernels kAvx512 = {.name = "avx512", .add_rows = AddBy8, .take_largest = LargestBy8};
#endif

constexpr TileKernels kAll[] = {kPortable,
#ifdef __x86_64__
                                kAvx2, kAvx512
#endif
};

/// Those of the kernels that the program has chosen.
const TileKernels& BestTileKernels() {
  static const TileKernels& best =
      *std::ranges::find(RunnableTileKernels(), std::string_view(BestKernels().name),
                         [](const TileKernels& kernels) { return std::string_view(kernels.name); });
  return best;
}

}  // namespace

std::span<const TileKernels> RunnableTileKernels() {
  static const std::vector<TileKernels> runnable = [] {
    std::vector<TileKernels> found;
    for (const Kernels* kernels : RunnableKernels())
      for (const TileKernels& tiles : kAll)
        if (std::string_view(kernels->name) == tiles.name) found.push_back(tiles);
    return found;
  }();
  return runnable;
}

void AddRows(std::span<const TileTerm> terms, const TileRow* rows, const TileRow& start,
             TileRow& out) {
  BestTileKernels().add_rows(terms, rows, start, out);
}

void TakeLargest(std::span<const TileTerm> terms, const TileRow* rows, const TileRow& start,
                 TileRow& out) {
  BestTileKernels().take_largest(terms, rows, start, out);
}

}  // namespace delstep
