#pragma once
/// Lists of shares side by side, for sums (origin_sums.h): a few nodes of all lists.
///
/// A sum takes a row of numbers as it is, 32 nodes at a time (math/row_tiles.h). A list that leaves
/// no node out has such rows in its pieces. Of another one the nodes are unpacked: each gets its
/// place, whether the list has it or not, and one that it lacks has zeros.
/// Threads: any, each with pieces of its own.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/world/provenance.h"
#include "math/row_tiles.h"

namespace delstep {

/// So many nodes lie side by side: two tiles, so that what is read of a list at once is a longer
/// piece of memory.
inline constexpr std::size_t kNodesTogether = NodeShares::kTogether;
static_assert(kNodesTogether % kTileColumns == 0);

/// The rows of all lists, by number of the list.
class OriginPieces {
 public:
  explicit OriginPieces(std::span<const Provenance* const> lists);

  /// Makes these the nodes from `begin` on. gaps[node] becomes 1 where the trainings of a node do
  /// not touch each other in all lists: then the first and the last do not tell which there are.
  /// Requires room in `gaps` for all of the nodes.
  void MoveTo(std::size_t begin, std::span<char> gaps);

  const double* const* initial() const { return initial_.data(); }
  const double* const* trained() const { return trained_.data(); }
  const std::int32_t* const* first() const { return first_.data(); }
  const std::int32_t* const* last() const { return last_.data(); }
  /// Whether the trainings are the same in all lists.
  bool HaveEqualTrainings() const { return equal_; }

 private:
  struct Unpacked {
    std::array<double, kNodesTogether> initial, trained;
    std::array<std::int32_t, kNodesTogether> first, last;
  };
  static void Unpack(const NodeShares& shares, std::size_t begin, Unpacked& piece);
  void FindGaps(std::size_t begin, std::span<char> gaps);

  std::span<const Provenance* const> lists_;
  std::vector<Unpacked> unpacked_;  // of the lists that need it, made when one does
  std::vector<const double*> initial_, trained_;
  std::vector<const std::int32_t*> first_, last_;
  bool equal_ = true;
};

}  // namespace delstep
