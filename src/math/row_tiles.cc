#include "math/row_tiles.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "math/kernels.h"

namespace delstep {
namespace {

/// One source for all instruction sets: accumulators of `Bytes` each stay in registers while all
/// terms pass by. Everything is inlined into a function that is compiled for the set.
template <class Number, int Bytes, int Vectors>
struct Accumulators {
  static constexpr int kLanes = Bytes / static_cast<int>(sizeof(Number));
  typedef Number Vector __attribute__((vector_size(Bytes)));

  template <class Step>
  [[gnu::always_inline]] static inline void Run(TileTerms terms, TileRows<Number> rows,
                                                const TileOf<Number>& start, TileOf<Number>& out,
                                                Step step) {
    static_assert(kTileColumns % (kLanes * Vectors) == 0);
    for (std::size_t c = 0; c < kTileColumns; c += kLanes * Vectors) {
      Vector sums[Vectors];
#pragma GCC unroll 8
      for (int v = 0; v < Vectors; ++v)
        __builtin_memcpy(&sums[v], start.data() + c + v * kLanes, sizeof(Vector));
      for (const TileTerm& term : terms) {
        const Number* row = rows.rows[term.row] + rows.column + c;
#pragma GCC unroll 8
        for (int v = 0; v < Vectors; ++v) {
          Vector x;
          __builtin_memcpy(&x, row + v * kLanes, sizeof x);
          step(sums[v], x, term.weight);
        }
      }
#pragma GCC unroll 8
      for (int v = 0; v < Vectors; ++v)
        __builtin_memcpy(out.data() + c + v * kLanes, &sums[v], sizeof(Vector));
    }
  }
  [[gnu::always_inline]] static inline void Add(TileTerms terms, TileRows<Number> rows,
                                                const TileOf<Number>& start, TileOf<Number>& out) {
    Run(
        terms, rows, start, out,
        [](Vector & sum, const Vector& x, double weight)
            __attribute__((always_inline)) { sum += weight * x; });
  }
  [[gnu::always_inline]] static inline void Largest(TileTerms terms, TileRows<Number> rows,
                                                    const TileOf<Number>& start,
                                                    TileOf<Number>& out) {
    Run(
        terms, rows, start, out,
        [](Vector & sum, const Vector& x, double /*weight*/)
            __attribute__((always_inline)) { sum = sum < x ? x : sum; });
  }
  [[gnu::always_inline]] static inline void Smallest(TileTerms terms, TileRows<Number> rows,
                                                     const TileOf<Number>& start,
                                                     TileOf<Number>& out) {
    Run(
        terms, rows, start, out,
        [](Vector & sum, const Vector& x, double /*weight*/)
            __attribute__((always_inline)) { sum = x < sum ? x : sum; });
  }
};
using Doubles = TileRows<double>;
using Integers = TileRows<std::int32_t>;

// Half a tile of doubles at a time, where there are 16 registers of 16 bytes.
constexpr TileKernels kPortable = {
    .name = "portable",
    .add_rows = Accumulators<double, 16, 8>::Add,
    .take_largest = Accumulators<std::int32_t, 16, 8>::Largest,
    .take_smallest = Accumulators<std::int32_t, 16, 8>::Smallest,
};

#ifdef __x86_64__
// Without "fma": nothing could fuse a product with its sum.
#define DELSTEP_AVX2 __attribute__((target("avx2")))
DELSTEP_AVX2 void AddBy4(TileTerms terms, Doubles rows, const TileOf<double>& start,
                         TileOf<double>& sums) {
  Accumulators<double, 32, 8>::Add(terms, rows, start, sums);
}
DELSTEP_AVX2 void LargestBy8(TileTerms terms, Integers rows, const TileOf<std::int32_t>& start,
                             TileOf<std::int32_t>& out) {
  Accumulators<std::int32_t, 32, 4>::Largest(terms, rows, start, out);
}
DELSTEP_AVX2 void SmallestBy8(TileTerms terms, Integers rows, const TileOf<std::int32_t>& start,
                              TileOf<std::int32_t>& out) {
  Accumulators<std::int32_t, 32, 4>::Smallest(terms, rows, start, out);
}
constexpr TileKernels kAvx2 = {
    .name = "avx2", .add_rows = AddBy4, .take_largest = LargestBy8, .take_smallest = SmallestBy8};

// "avx512f" brings "fma" with it, which -ffp-contract=off keeps the compiler from using.
#define DELSTEP_AVX512 __attribute__((target("avx512f")))
DELSTEP_AVX512 void AddBy8(TileTerms terms, Doubles rows, const TileOf<double>& start,
                           TileOf<double>& sums) {
  Accumulators<double, 64, 4>::Add(terms, rows, start, sums);
}
DELSTEP_AVX512 void LargestBy16(TileTerms terms, Integers rows, const TileOf<std::int32_t>& start,
                                TileOf<std::int32_t>& out) {
  Accumulators<std::int32_t, 64, 2>::Largest(terms, rows, start, out);
}
DELSTEP_AVX512 void SmallestBy16(TileTerms terms, Integers rows, const TileOf<std::int32_t>& start,
                                 TileOf<std::int32_t>& out) {
  Accumulators<std::int32_t, 64, 2>::Smallest(terms, rows, start, out);
}
constexpr TileKernels kAvx512 = {.name = "avx512",
                                 .add_rows = AddBy8,
                                 .take_largest = LargestBy16,
                                 .take_smallest = SmallestBy16};
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

void AddRows(TileTerms terms, Doubles rows, const TileOf<double>& start, TileOf<double>& sums) {
  BestTileKernels().add_rows(terms, rows, start, sums);
}

void TakeLargest(TileTerms terms, Integers rows, const TileOf<std::int32_t>& start,
                 TileOf<std::int32_t>& largest) {
  BestTileKernels().take_largest(terms, rows, start, largest);
}

void TakeSmallest(TileTerms terms, Integers rows, const TileOf<std::int32_t>& start,
                  TileOf<std::int32_t>& smallest) {
  BestTileKernels().take_smallest(terms, rows, start, smallest);
}

}  // namespace delstep
