#pragma once
/// What of each node is in a model, in columns.
///
/// Once models have been around, each has something of every node. Sums of models then go through
/// as many shares as there are pairs of nodes, and this is where an aggregation without training
/// spends its time. So the numbers of 64 shares lie side by side, as a sum takes them: the same
/// nodes of many lists, from where they lie (engine/origin_sums.h). Trainings are counted in 4
/// bytes. A list that leaves no node out does not say which they are. That makes 24 bytes per share,
/// of the 40 that it has by itself.
///
/// Threads: Set() and SetTrainings() of different places at a time; the rest as for any value.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <vector>

#include "delstep/types.h"

namespace delstep {

/// Numbers of trainings of one node, counted from 1, both ends included.
struct TrainingRange {
  NodeId node{};
  std::uint64_t first = 0, last = 0;
  friend bool operator==(const TrainingRange&, const TrainingRange&) = default;
};

/// Trainings of a node beyond this number are taken for this one, and the list for an estimate.
inline constexpr std::uint64_t kLargestTraining = std::numeric_limits<std::int32_t>::max();

/// What of one node is in a model.
struct NodeShare {
  NodeId node{};
  double initial = 0;                 ///< weight of its initial parameters
  double trained = 0;                 ///< sum of the weights of its trainings
  std::uint64_t first = 0, last = 0;  ///< which trainings these are; last = 0: none
  TrainingRange trainings() const { return {.node = node, .first = first, .last = last}; }
  friend bool operator==(const NodeShare&, const NodeShare&) = default;
};

/// A list of shares, each of another node. It is made with all its places, which are then written.
class NodeShares {
 public:
  NodeShares() = default;
  /// Of the nodes as they come. Trainings beyond kLargestTraining become that number.
  explicit NodeShares(std::span<const NodeShare> shares);
  NodeShares(std::initializer_list<NodeShare> shares)
      : NodeShares(std::span(shares.begin(), shares.size())) {}
  /// `size` shares whose values are not set yet, of the nodes 0 to `size` - 1.
  static NodeShares OfEveryNode(std::size_t size) { return NodeShares(size, false); }
  /// The same of whichever nodes: these are not set either.
  static NodeShares OfSomeNodes(std::size_t size) { return NodeShares(size, true); }

  NodeShares(const NodeShares& other);
  NodeShares(NodeShares&& other) noexcept { Swap(other); }
  NodeShares& operator=(NodeShares other) noexcept {
    Swap(other);
    return *this;
  }
  ~NodeShares() = default;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  /// Whether the share at place i is that of node i, for all i. Then there is no column of nodes.
  bool IsOfEveryNode() const { return nodes_ == nullptr; }
  NodeId node(std::size_t i) const { return nodes_ ? nodes_[i] : static_cast<NodeId>(i); }
  TrainingRange trainings(std::size_t i) const { return (*this)[i].trainings(); }
  NodeShare operator[](std::size_t i) const;
  /// All of them, one after the other.
  std::vector<NodeShare> Rows() const;
  /// How many shares there are of nodes before this one, where nodes ascend. Fast where every node
  /// has one.
  std::size_t PlaceOf(NodeId node) const;

  /// Shares kTogether * i and up, a column for each of their numbers. Of a node without trainings
  /// `first` is kNoTraining and `last` is 0, so that neither counts where the smallest and the
  /// largest are looked for.
  template <class Double, class Integer>
  struct Columns {
    std::size_t size;  ///< kTogether, but for the last ones
    Double *initial, *trained;
    Integer *first, *last;
  };
  static constexpr std::size_t kTogether = 64;
  static constexpr std::int32_t kNoTraining = std::numeric_limits<std::int32_t>::max();
  Columns<const double, const std::int32_t> Piece(std::size_t i) const {
    return ColumnsAt<const double, const std::int32_t>(i);
  }
  Columns<double, std::int32_t> Piece(std::size_t i) { return ColumnsAt<double, std::int32_t>(i); }

  /// In a list of every node, share.node must be i.
  void Set(std::size_t i, const NodeShare& share);
  /// `range.node` is ignored. last = 0: none.
  void SetTrainings(std::size_t i, const TrainingRange& range);

  /// What it takes of memory.
  std::size_t bytes() const { return size_ * BytesOfShare(nodes_ != nullptr); }

  friend bool operator==(const NodeShares& a, const NodeShares& b);

 private:
  static constexpr std::align_val_t kAlignment{64};
  struct Free {
    void operator()(std::byte* memory) const { ::operator delete(memory, kAlignment); }
  };
  static constexpr std::size_t BytesOfShare(bool with_nodes) {
    return 2 * sizeof(double) + 2 * sizeof(std::int32_t) + (with_nodes ? sizeof(NodeId) : 0);
  }
  NodeShares(std::size_t size, bool with_nodes);
  void Swap(NodeShares& other) noexcept;
  template <class Double, class Integer>
  Columns<Double, Integer> ColumnsAt(std::size_t i) const {
    // The widest first, so that each column is where its type may be.
    std::byte* const memory = memory_.get() + i * kTogether * BytesOfShare(false);
    const std::size_t size = std::min(kTogether, size_ - i * kTogether);
    auto* const doubles = reinterpret_cast<Double*>(memory);
    auto* const integers = reinterpret_cast<Integer*>(memory + 2 * size * sizeof(double));
    return {size, doubles, doubles + size, integers, integers + size};
  }

  std::size_t size_ = 0;
  std::unique_ptr<std::byte, Free> memory_;  // pieces, then nodes
  NodeId* nodes_ = nullptr;
};

}  // namespace delstep
