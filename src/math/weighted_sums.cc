#include "math/weighted_sums.h"

#include <algorithm>
#include <vector>

namespace delstep {
namespace {

/// Sums over the same rows in the same order, and their weights side by side.
struct Tile {
  std::span<const WeightedSum> sums;  ///< kSumsTogether of them
  std::vector<float> weights;

  SumTile view() const {
    SumTile tile{sums[0].terms.size(), sums[0].terms.data(), weights.data(), {}};
    for (std::size_t s = 0; s < kSumsTogether; ++s) tile.out[s] = sums[s].out;
    return tile;
  }
  void CollectWeights() {
    weights.reserve(sums[0].terms.size() * kSumsTogether);
    for (std::size_t k = 0; k < sums[0].terms.size(); ++k)
      for (const WeightedSum& sum : sums) weights.push_back(sum.terms[k].weight);
  }
};

bool SameRows(const WeightedSum& a, const WeightedSum& b) {
  return std::ranges::equal(a.terms, b.terms, {}, &WeightedTerm::row, &WeightedTerm::row);
}

/// What the sums are made of: tiles, and single sums that share their rows with too few others.
struct Layout {
  std::vector<Tile> tiles;
  std::vector<WeightedSum> singles;
};

Layout Arrange(std::span<const WeightedSum> sums, Workers& workers) {
  Layout layout;
  while (!sums.empty()) {
    std::size_t run = 1;
    while (run < kSumsTogether && run < sums.size() && SameRows(sums[0], sums[run])) ++run;
    if (run == kSumsTogether)
      layout.tiles.push_back({sums.first(run), {}});
    else
      layout.singles.insert(layout.singles.end(), sums.begin(),
                            sums.begin() + static_cast<std::ptrdiff_t>(run));
    sums = sums.subspan(run);
  }
  workers.ForEach(layout.tiles.size(),
                  [&](int, std::size_t i) { layout.tiles[i].CollectWeights(); });
  return layout;
}

/// Each row that the sums read, once.
std::vector<const float*> RowsOf(const Layout& layout) {
  std::vector<const float*> rows;
  const auto add = [&](const WeightedSum& sum) {
    for (const WeightedTerm& term : sum.terms) rows.push_back(term.row);
  };
  const WeightedSum* before = nullptr;
  for (const Tile& tile : layout.tiles) {
    if (!before || !SameRows(*before, tile.sums[0])) add(tile.sums[0]);
    before = &tile.sums[0];
  }
  for (const WeightedSum& sum : layout.singles) add(sum);
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

/// Brings the columns [begin, end) nearer. The processor itself foresees a few streams, not those
/// of hundreds of rows.
void Fetch(const float* row, std::size_t begin, std::size_t end) {
  constexpr std::size_t kLine = 16;
  for (std::size_t c = begin; c < end; c += kLine) __builtin_prefetch(row + c, 0, 2);
  __asm__ volatile("");  // g++ 12 takes a function that only prefetches for one without effect
}

}  // namespace

void WeightedSums(const Kernels& kernels, std::span<const WeightedSum> sums, std::size_t columns,
                  Workers& workers) {
  const Layout layout = Arrange(sums, workers);
  const std::vector<const float*> rows = RowsOf(layout);
  const std::size_t turns = layout.tiles.size() + layout.singles.size();
  constexpr std::size_t kFewStreams = 32;
  const bool ahead = rows.size() > kFewStreams;
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
        const std::size_t rest = kernels.weighted_tile(tile.view(), begin, end);
        for (const WeightedSum& sum : tile.sums)
          kernels.weighted_sum(sum.terms.size(), sum.terms.data(), rest, end, sum.out);
      }
      for (const WeightedSum& sum : layout.singles) {
        fetch({&sum, 1});
        kernels.weighted_sum(sum.terms.size(), sum.terms.data(), begin, end, sum.out);
      }
    }
  });
}

}  // namespace delstep
