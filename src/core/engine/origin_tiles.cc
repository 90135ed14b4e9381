#include "core/engine/origin_tiles.h"

#include <algorithm>
#include <cstring>

namespace delstep {

void Unpack(std::span<const Provenance* const> lists, std::size_t begin, OriginTiles& tiles,
            std::span<char> gaps) {
  constexpr std::size_t kCacheLine = 64;
  for (OriginTile& tile : tiles) {
    tile.weights.assign(lists.size(), kNoWeights);
    tile.trainings.assign(lists.size(), kNoTrainings);
    tile.equal = true;
  }
  // The largest `first` and the smallest `last` of each node: if these two touch, so do all.
  std::array<TrainingRange, kNodesTogether> inner;
  inner.fill({.first = 0, .last = kLargestTraining});
  for (std::size_t row = 0; row < lists.size(); ++row) {
    // Each list lies elsewhere, and too little of it is read for the processor to run ahead. This is
    // where the next shares are if no node before them is left out.
    if (row + 1 < lists.size() && begin + kNodesTogether <= lists[row + 1]->shares.size()) {
      const char* next = reinterpret_cast<const char*>(&lists[row + 1]->shares[begin]);
      for (std::size_t byte = 0; byte < kNodesTogether * sizeof(NodeShare); byte += kCacheLine)
        __builtin_prefetch(next + byte);
    }
    const std::vector<NodeShare>& shares = lists[row]->shares;
    for (std::size_t k = lists[row]->PlaceOf(static_cast<NodeId>(begin));
         k < shares.size() && Index(shares[k].node) < begin + kNodesTogether; ++k) {
      const NodeShare& share = shares[k];
      const std::size_t i = Index(share.node) - begin, c = i % kNodesOfTile;
      OriginTile& tile = tiles[i / kNodesOfTile];
      tile.weights[row].columns[c] = share.initial;
      tile.weights[row].columns[kNodesOfTile + c] = share.trained;
      if (share.last == 0) continue;
      IncludeTrainings(share.trainings(), c, tile.trainings[row]);
      inner[i].first = std::max(inner[i].first, share.first);
      inner[i].last = std::min(inner[i].last, share.last);
      if (share.last > kLargestTraining || inner[i].first > inner[i].last + 1)
        gaps[Index(share.node)] = 1;
    }
    // Bytes do, as nothing here is NaN, and a 0 has one sign.
    for (OriginTile& tile : tiles)
      tile.equal =
          tile.equal && std::memcmp(&tile.trainings[row], &tile.trainings[0], sizeof(TileRow)) == 0;
  }
}

void IncludeTrainings(const TrainingRange& range, std::size_t c, TileRow& trainings) {
  // Both numbers of a node without trainings are below those of any training.
  double &last = trainings.columns[c], &minus_first = trainings.columns[kNodesOfTile + c];
  last = std::max(last, static_cast<double>(range.last));
  minus_first = std::max(minus_first, -static_cast<double>(range.first));
}

}  // namespace delstep
