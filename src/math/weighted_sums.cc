#include "math/weighted_sums.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace delstep {
namespace {

using Terms = std::vector<WeightedTerm>;

bool SameRows(std::span<const WeightedTerm> a, std::span<const WeightedTerm> b) {
  return std::ranges::equal(a, b, {}, &WeightedTerm::row, &WeightedTerm::row);
}

/// A list in which the rows of both lie in order, or nothing where they differ by more than short
/// gaps, as those that lost messages leave.
std::optional<Terms> Union(std::span<const WeightedTerm> a, std::span<const WeightedTerm> b) {
  constexpr std::size_t kLongestGap = 8;
  Terms both;
  both.reserve(std::max(a.size(), b.size()) + kLongestGap);
  const auto take = [&](std::span<const WeightedTerm>& from, std::size_t count) {
    both.insert(both.end(), from.begin(), from.begin() + static_cast<std::ptrdiff_t>(count));
    from = from.subspan(count);
  };
  while (!a.empty() && !b.empty()) {
    std::size_t gap = 0, in_a = 0;
    const auto meet = [&] {
      return in_a < a.size() && gap - in_a < b.size() && a[in_a].row == b[gap - in_a].row;
    };
    while (!meet()) {
      if (in_a++ < gap) continue;
      if (++gap > kLongestGap) return std::nullopt;
      in_a = 0;
    }
    take(b, gap - in_a);
    take(a, in_a + 1);
    b = b.subspan(1);
  }
  take(a, a.size());
  take(b, b.size());
  return both;
}

/// Sums over nearly the same rows in the same order, and their weights side by side: 0 where a sum
/// lacks the row.
struct Tile {
  std::span<const WeightedSum> sums;  ///< kSumsTogether of them
  Terms rows;
  std::vector<float> weights;
  bool padded = false;  ///< there are weights that stand for no term

  SumTile view() const {
    SumTile tile{rows.size(), rows.data(), weights.data(), {}};
    for (std::size_t s = 0; s < kSumsTogether; ++s) tile.out[s] = sums[s].out;
    return tile;
  }
  void CollectWeights() {
    weights.assign(rows.size() * kSumsTogether, 0.0f);
    for (std::size_t s = 0; s < kSumsTogether; ++s) {
      auto term = sums[s].terms.begin();
      for (std::size_t k = 0; k < rows.size() && term != sums[s].terms.end(); ++k)
        if (term->row == rows[k].row) weights[k * kSumsTogether + s] = term++->weight;
    }
  }
};

/// Begins a tile with the first sum and takes in those after it that are alike enough. A tile is
/// half as fast again as single sums, so a few products with 0 pay.
Tile Begin(std::span<const WeightedSum> sums) {
  Tile tile{sums.first(1), {sums[0].terms.begin(), sums[0].terms.end()}, {}};
  std::size_t terms = tile.rows.size();
  for (std::size_t run = 1; run < std::min(kSumsTogether, sums.size()); ++run) {
    const std::span<const WeightedTerm> next = sums[run].terms;
    terms += next.size();
    if (!SameRows(tile.rows, next)) {
      std::optional<Terms> both = Union(tile.rows, next);
      if (!both || 3 * both->size() * (run + 1) > 4 * terms) break;
      tile.rows = *std::move(both);
      tile.padded = true;
    }
    tile.sums = sums.first(run + 1);
  }
  return tile;
}

/// What the sums are made of: tiles, and single sums that share their rows with too few others.
struct Layout {
  std::vector<Tile> tiles;
  std::vector<WeightedSum> singles;

  void Arrange(std::span<const WeightedSum> sums) {
    while (!sums.empty()) {
      Tile tile = Begin(sums);
      sums = sums.subspan(tile.sums.size());
      // A tile that is not full is slower than single sums.
      if (tile.sums.size() == kSumsTogether) {
        tile.CollectWeights();
        tiles.push_back(std::move(tile));
      } else {
        singles.insert(singles.end(), tile.sums.begin(), tile.sums.end());
      }
    }
  }
};

Layout ArrangeAll(std::span<const WeightedSum> sums, Workers& workers) {
  // Parts of fixed size, so that the tiles do not depend on the number of threads.
  constexpr std::size_t kAtOnce = 8 * kSumsTogether;
  std::vector<Layout> parts((sums.size() + kAtOnce - 1) / kAtOnce);
  workers.ForEach(parts.size(), [&](int, std::size_t i) {
    parts[i].Arrange(sums.subspan(i * kAtOnce, std::min(kAtOnce, sums.size() - i * kAtOnce)));
  });
  Layout all;
  for (Layout& part : parts) {
    std::ranges::move(part.tiles, std::back_inserter(all.tiles));
    std::ranges::move(part.singles, std::back_inserter(all.singles));
  }
  return all;
}

/// Each row that the sums read, once.
std::vector<const float*> RowsOf(const Layout& layout) {
  std::vector<const float*> rows;
  const auto add = [&](std::span<const WeightedTerm> terms) {
    for (const WeightedTerm& term : terms) rows.push_back(term.row);
  };
  Terms shared;  // of most tiles
  for (const Tile& tile : layout.tiles) {
    if (SameRows(shared, tile.rows)) continue;
    if (std::optional<Terms> both = Union(shared, tile.rows))
      shared = *std::move(both);
    else
      add(tile.rows);
  }
  add(shared);
  for (const WeightedSum& sum : layout.singles) add(sum.terms);
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

/// A product of 0 and what is not finite is no 0: then the sums are formed one by one.
void SumPiece(const Kernels& kernels, const Tile& tile, std::size_t begin, std::size_t end) {
  const std::size_t rest = kernels.weighted_tile(tile.view(), begin, end);
  for (const WeightedSum& sum : tile.sums) {
    const bool sound = !tile.padded || kernels.all_finite(rest - begin, sum.out + begin);
    kernels.weighted_sum(sum.terms.size(), sum.terms.data(), sound ? rest : begin, end, sum.out);
  }
}

/// Brings the columns [begin, end) nearer. The processor itself foresees a few streams, not those
/// of hundreds of rows.
void Fetch(const float* row, std::size_t begin, std::size_t end) {
  constexpr std::size_t kLine = 16;
  for (std::size_t c = begin; c < end; c += kLine) __builtin_prefetch(row + c, 0, 2);
  __asm__ volatile("");  // g++ 12 takes a function that only prefetches for one without effect
}

/// Results of so many bytes are gone from a usual last cache before they are read again. A constant:
/// what the C library tells of the cache is ten times too much on some processors.
constexpr std::size_t kPastCache = std::size_t{64} << 20;

}  // namespace

void WeightedSums(const Kernels& kernels, std::span<const WeightedSum> sums, std::size_t columns,
                  Workers& workers) {
  const Layout layout = ArrangeAll(sums, workers);
  const std::vector<const float*> rows = RowsOf(layout);
  const std::size_t turns = layout.tiles.size() + layout.singles.size();
  constexpr std::size_t kFewStreams = 32;
  const bool ahead = rows.size() > kFewStreams;
  const bool past_cache = sums.size() * columns * sizeof(float) > kPastCache;
  const auto single_sum = past_cache ? kernels.weighted_sum_past_cache : kernels.weighted_sum;
  // A worker takes a block of columns through all sums, piece by piece: what the sums read of a
  // piece stays in a cache until the last has read it. Meanwhile the next piece is fetched, a part
  // at the turn of each sum.
  constexpr std::size_t kBlock = 512, kPiece = 64;
  workers.ForEach((columns + kBlock - 1) / kBlock, [&](int, std::size_t block) {
    const std::size_t stop = std::min(columns, (block + 1) * kBlock);
    for (std::size_t begin = block * kBlock; begin < stop; begin += kPiece) {
      const std::size_t end = std::min(stop, begin + kPiece);
      const std::size_t next = ahead ? std::min(columns, end + kPiece) : end;
      std::size_t turn = 0;
      const auto fetch = [&](std::span<const WeightedSum> some) {
        for (std::size_t r = turn++; r < rows.size(); r += turns) Fetch(rows[r], end, next);
        for (const WeightedSum& sum : some) Fetch(sum.out, end, next);
      };
      for (const Tile& tile : layout.tiles) {
        fetch(tile.sums);
        SumPiece(kernels, tile, begin, end);
      }
      for (const WeightedSum& sum : layout.singles) {
        fetch({&sum, past_cache ? 0u : 1u});
        single_sum(sum.terms.size(), sum.terms.data(), begin, end, sum.out);
      }
    }
    kernels.finish_stores();
  });
}

}  // namespace delstep
