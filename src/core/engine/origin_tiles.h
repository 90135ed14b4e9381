#pragma once
/// Lists of shares unpacked for sums (origin_sums.h): a few nodes of all lists side by side.
///
/// A list has 40 bytes for each node that is in a model, and each list has other nodes. Here every
/// node of a tile has its column, whether a list has it or not, so that a sum takes a row as it is
/// and 16 nodes at a time (math/double_tiles.h). A node that a list lacks has zeros.
/// Threads: any, each with tiles of its own.
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/world/provenance.h"
#include "math/double_tiles.h"

namespace delstep {

/// A row has two numbers of each node: its weights in one list, `initial` then `trained`, and its
/// trainings in another, the last then minus the first, so that of both the larger counts.
inline constexpr std::size_t kNodesOfTile = kTileColumns / 2;
struct OriginTile {
  std::vector<TileRow> weights, trainings;  ///< by number of the list
  bool equal = false;                       ///< the trainings are the same in all rows
};
inline constexpr TileRow kNoWeights = {};
inline constexpr TileRow kNoTrainings = [] {
  TileRow none = {};
  for (std::size_t c = kNodesOfTile; c < kTileColumns; ++c)
    none.columns[c] = -std::numeric_limits<double>::infinity();
  return none;
}();
/// Whole numbers up to here are the same as a double.
inline constexpr std::uint64_t kLargestTraining = std::uint64_t{1} << 53;

/// Neighbours, so that what is read of a list at once is a longer piece of memory.
inline constexpr std::size_t kTilesTogether = 4;
inline constexpr std::size_t kNodesTogether = kTilesTogether * kNodesOfTile;
using OriginTiles = std::array<OriginTile, kTilesTogether>;

/// Unpacks the nodes from `begin` on, of all lists. gaps[node] becomes 1 where the trainings of a
/// node do not touch each other in all of them, or are beyond kLargestTraining: then the first and
/// the last do not tell which there are. Requires room in `gaps` for all nodes of the tiles.
void Unpack(std::span<const Provenance* const> lists, std::size_t begin, OriginTiles& tiles,
            std::span<char> gaps);

/// Adds trainings to those of column c.
void IncludeTrainings(const TrainingRange& range, std::size_t c, TileRow& trainings);

}  // namespace delstep
