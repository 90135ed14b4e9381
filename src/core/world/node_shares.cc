#include "core/world/node_shares.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace delstep {
namespace {

// Looked at one by one: a damaged file may have the right number and the right last node, and others
// between.
bool LeaveNoneOut(std::span<const NodeShare> shares) {
  for (std::size_t i = 0; i < shares.size(); ++i)
    if (Index(shares[i].node) != i) return false;
  return true;
}

std::int32_t TrainingNumber(std::uint64_t number) {
  return static_cast<std::int32_t>(std::min(number, kLargestTraining));
}

}  // namespace

NodeShares::NodeShares(std::size_t size, bool with_nodes) : size_(size) {
  if (size == 0) return;
  memory_.reset(
      static_cast<std::byte*>(::operator new(size* BytesOfShare(with_nodes), kAlignment)));
  if (with_nodes) nodes_ = reinterpret_cast<NodeId*>(memory_.get() + size * BytesOfShare(false));
}

NodeShares::NodeShares(std::span<const NodeShare> shares)
    : NodeShares(shares.size(), !LeaveNoneOut(shares)) {
  for (std::size_t i = 0; i < size_; ++i) Set(i, shares[i]);
}

NodeShares::NodeShares(const NodeShares& other) : NodeShares(other.size_, other.nodes_ != nullptr) {
  if (size_ > 0) std::memcpy(memory_.get(), other.memory_.get(), bytes());
}

void NodeShares::Swap(NodeShares& other) noexcept {
  std::swap(size_, other.size_);
  std::swap(memory_, other.memory_);
  std::swap(nodes_, other.nodes_);
}

NodeShare NodeShares::operator[](std::size_t i) const {
  const auto piece = Piece(i / kTogether);
  const std::size_t c = i % kTogether;
  NodeShare share{.node = node(i), .initial = piece.initial[c], .trained = piece.trained[c]};
  if (piece.last[c] == 0) return share;
  share.first = static_cast<std::uint64_t>(piece.first[c]);
  share.last = static_cast<std::uint64_t>(piece.last[c]);
  return share;
}

std::vector<NodeShare> NodeShares::Rows() const {
  std::vector<NodeShare> rows;
  rows.reserve(size_);
  for (std::size_t i = 0; i < size_; ++i) rows.push_back((*this)[i]);
  return rows;
}

std::size_t NodeShares::PlaceOf(NodeId node) const {
  // As nodes ascend, no more than Index(node) of them are before it, and exactly as many if none
  // is left out.
  const std::size_t end = std::min(Index(node), size_);
  if (!nodes_ || end == 0 || nodes_[end - 1] < node) return end;
  return static_cast<std::size_t>(std::lower_bound(nodes_, nodes_ + end, node) - nodes_);
}

void NodeShares::Set(std::size_t i, const NodeShare& share) {
  if (nodes_) nodes_[i] = share.node;
  const auto piece = Piece(i / kTogether);
  piece.initial[i % kTogether] = share.initial;
  piece.trained[i % kTogether] = share.trained;
  SetTrainings(i, share.trainings());
}

void NodeShares::SetTrainings(std::size_t i, const TrainingRange& range) {
  // Whoever looks for the smallest must not find the 0 of a node that never trained.
  const auto piece = Piece(i / kTogether);
  piece.first[i % kTogether] = range.last == 0 ? kNoTraining : TrainingNumber(range.first);
  piece.last[i % kTogether] = TrainingNumber(range.last);
}

bool operator==(const NodeShares& a, const NodeShares& b) { return a.Rows() == b.Rows(); }

}  // namespace delstep
