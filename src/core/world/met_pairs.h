#pragma once
/// Who has met whom, by contacts that come and go (topologies `radio` and `contacts`), and which
/// change of the plan came last.
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "base/cow.h"
#include "delstep/types.h"

namespace delstep {

/// Contacts of one pair so far.
struct MetPair {
  std::uint64_t count = 0;  ///< the present one included
  Duration together{0};     ///< in the contacts that have ended
  SimTime since{};          ///< of the present one
  bool now = false;
};

/// By pair; kept by the first node, so that a contact changes the part of one node alone. A value:
/// copies share what neither has changed.
class MetPairs {
 public:
  /// Zero at first. Requires a < b. The reference holds until the next call.
  MetPair& Write(NodeId a, NodeId b) {
    if (pairs_.size() <= Index(a)) pairs_.resize(Index(a) + 1);
    return pairs_[Index(a)].Write()[b];
  }
  /// visit(a, b, pair) for each pair, ascending.
  template <class Visit>
  void ForEach(Visit visit) const {
    for (std::size_t a = 0; a < pairs_.size(); ++a)
      for (const auto& [b, pair] : *pairs_[a]) visit(static_cast<NodeId>(a), b, pair);
  }
  std::size_t size() const {
    std::size_t size = 0;
    for (const auto& part : pairs_) size += part->size();
    return size;
  }
  /// Of the parts that the other does not share.
  Bytes OwnBytes(const MetPairs& other) const {
    Bytes bytes = pairs_.size() * sizeof(pairs_[0]);
    for (std::size_t a = 0; a < pairs_.size(); ++a)
      if (a >= other.pairs_.size() || !pairs_[a].SharesWith(other.pairs_[a]))
        bytes += pairs_[a]->size() * (sizeof(NodeId) + sizeof(MetPair) + 4 * sizeof(void*));
    return bytes;
  }

 private:
  std::vector<Cow<std::map<NodeId, MetPair>>> pairs_;
};

/// A change of plan, by which plans are in order: first by time; at one time nodes go, contacts
/// end, nodes come, contacts begin.
struct ChangeKey {
  enum class Kind : std::uint8_t { kGoes, kContactEnds, kComes, kContactBegins, kAll };
  SimTime at{};
  Kind kind = Kind::kAll;  ///< kAll: after all changes of that time
  NodeId a{}, b{};         ///< of a contact a < b; of a node b is 0
  friend auto operator<=>(const ChangeKey&, const ChangeKey&) = default;
};

}  // namespace delstep
