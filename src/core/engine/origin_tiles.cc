#include "core/engine/origin_tiles.h"

#include <algorithm>
#include <cstring>

namespace delstep {
namespace {

/// Each list lies elsewhere, and too little of it is read for the processor to run ahead.
void Prefetch(const double* piece) {
  constexpr std::size_t kCacheLine = 64;
  const char* bytes = reinterpret_cast<const char*>(piece);
  constexpr std::size_t kBytes = kNodesTogether * 2 * (sizeof(double) + sizeof(std::int32_t));
  for (std::size_t byte = 0; byte < kBytes; byte += kCacheLine) __builtin_prefetch(bytes + byte);
}

/// The last nodes of a list are fewer than a row has, and are unpacked.
bool LiesAsRows(const NodeShares& shares, std::size_t begin) {
  return shares.IsOfEveryNode() && begin + kNodesTogether <= shares.size();
}

}  // namespace

OriginPieces::OriginPieces(std::span<const Provenance* const> lists)
    : lists_(lists),
      initial_(lists.size()),
      trained_(lists.size()),
      first_(lists.size()),
      last_(lists.size()) {}

void OriginPieces::MoveTo(std::size_t begin, std::span<char> gaps) {
  const auto take = [&](std::size_t row, const auto& piece) {
    initial_[row] = &piece.initial[0];
    trained_[row] = &piece.trained[0];
    first_[row] = &piece.first[0];
    last_[row] = &piece.last[0];
  };
  for (std::size_t row = 0; row < lists_.size(); ++row) {
    const NodeShares& shares = lists_[row]->shares;
    if (LiesAsRows(shares, begin)) {
      take(row, shares.Piece(begin / kNodesTogether));
      Prefetch(initial_[row]);
    } else {
      // Made when it is needed: once models are mixed it is for the last nodes alone.
      unpacked_.resize(lists_.size());
      Unpack(shares, begin, unpacked_[row]);
      take(row, unpacked_[row]);
    }
  }
  FindGaps(begin, gaps);
}

void OriginPieces::Unpack(const NodeShares& shares, std::size_t begin, Unpacked& piece) {
  piece.initial.fill(0);
  piece.trained.fill(0);
  piece.first.fill(NodeShares::kNoTraining);
  piece.last.fill(0);
  for (std::size_t k = shares.PlaceOf(static_cast<NodeId>(begin));
       k < shares.size() && Index(shares.node(k)) < begin + kNodesTogether; ++k) {
    const std::size_t c = Index(shares.node(k)) - begin, from = k % NodeShares::kTogether;
    const auto columns = shares.Piece(k / NodeShares::kTogether);
    piece.initial[c] = columns.initial[from];
    piece.trained[c] = columns.trained[from];
    piece.first[c] = columns.first[from];
    piece.last[c] = columns.last[from];
  }
}

void OriginPieces::FindGaps(std::size_t begin, std::span<char> gaps) {
  equal_ = true;
  // The largest `first` and the smallest `last` of each node: if these two touch, so do all. Who has
  // no training does not count.
  std::array<std::int32_t, kNodesTogether> largest_first, smallest_last;
  largest_first.fill(0);
  smallest_last.fill(NodeShares::kNoTraining - 1);
  for (std::size_t row = 0; row < lists_.size(); ++row) {
    const std::int32_t *first = first_[row], *last = last_[row];
    for (std::size_t c = 0; c < kNodesTogether; ++c) {
      const bool none = last[c] == 0;
      largest_first[c] = std::max(largest_first[c], none ? 0 : first[c]);
      smallest_last[c] = std::min(smallest_last[c], none ? NodeShares::kNoTraining - 1 : last[c]);
    }
    constexpr std::size_t kBytes = kNodesTogether * sizeof(std::int32_t);
    equal_ = equal_ && std::memcmp(first, first_[0], kBytes) == 0 &&
             std::memcmp(last, last_[0], kBytes) == 0;
  }
  for (std::size_t c = 0; c < kNodesTogether; ++c)
    if (largest_first[c] > smallest_last[c] + 1) gaps[begin + c] = 1;
}

}  // namespace delstep
