#include "math/double_tiles.h"

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

using TileFunction = void (*)(std::span<const TileTerm>, const TileRow*, const TileRow&, TileRow&);
struct TileFunctions {
  TileFunction add, largest;
};

// Half a tile at a time, where there are 16 registers of two lanes.
void AddBy2(std::span<const TileTerm> terms, const TileRow* rows, const TileRow& start,
            TileRow& out) {
  Accumulators<2, 8>::Add(terms, rows, start, out);
}
void LargestBy2(std::span<const TileTerm> terms, const TileRow* rows, const TileRow& start,
                TileRow& out) {
  Accumulators<2, 8>::Largest(terms, rows, start, out);
}

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
#endif

TileFunctions ChooseTileFunctions() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2")) return {.add = AddBy4, .largest = LargestBy4};
#endif
  return {.add = AddBy2, .largest = LargestBy2};
}

const TileFunctions& BestTileFunctions() {
  static const TileFunctions chosen = ChooseTileFunctions();
  return chosen;
}

}  // namespace

void AddRows(std::span<const TileTerm> terms, const TileRow* rows, const TileRow& start,
             TileRow& out) {
  BestTileFunctions().add(terms, rows, start, out);
}

void TakeLargest(std::span<const TileTerm> terms, const TileRow* rows, const TileRow& start,
                 TileRow& out) {
  BestTileFunctions().largest(terms, rows, start, out);
}

}  // namespace delstep
