#pragma once
/// The properties of the links of the built-in network.
#include <algorithm>
#include <cstdint>
#include <map>
#include <unordered_map>

#include "base/cow.h"
#include "delstep/network.h"
#include "ports/network_bytes.h"

namespace delstep {

/// A directed link as one number: it names the link's random streams.
using Pair = std::uint64_t;
inline Pair PairOf(NodeId from, NodeId to) { return Pair{Index(from)} << 32 | Index(to); }

/// A default, and the links that have properties of their own. Other links have no entry: a full
/// mesh of 1,000 nodes would have a million. A value; copies share the entries until one changes.
class LinkTable {
 public:
  explicit LinkTable(const LinkProperties& standard) : default_(standard) {}

  const LinkProperties& Of(Pair link) const {
    const auto single = singles_->find(link);
    return single == singles_->end() ? default_ : single->second;
  }
  const LinkProperties& standard() const { return default_; }
  bool HasOwn(Pair link) const { return singles_->contains(link); }

  void SetDefault(const LinkProperties& link) { default_ = link; }
  void Set(Pair pair, const LinkProperties& link) { singles_.Write()[pair] = link; }
  void Clear(Pair pair) { singles_.Write().erase(pair); }
  /// Forgets the links from and to the node.
  void Forget(NodeId node) {
    const auto touches = [&](const auto& entry) {
      return entry.first >> 32 == Index(node) || (entry.first & 0xffffffff) == Index(node);
    };
    if (std::ranges::any_of(*singles_, touches)) std::erase_if(singles_.Write(), touches);
  }

  /// Equal bytes for equal tables: a hash map is written in the order of its keys.
  void Save(ByteWriter& writer) const {
    Add(writer, default_);
    const std::map<Pair, LinkProperties> singles(singles_->begin(), singles_->end());
    writer.Add(std::uint64_t{singles.size()});
    for (const auto& [pair, link] : singles) {
      writer.Add(pair);
      Add(writer, link);
    }
  }
  /// Requires that no link was set. is_node(node) says which ends can be.
  template <class IsNode>
  void Load(ByteReader& reader, IsNode is_node) {
    default_ = ReadLink(reader);
    for (std::size_t left = reader.Count(8); left > 0; --left) {
      const Pair pair = reader.Number();
      reader.Require(is_node(static_cast<NodeId>(pair >> 32)) &&
                     is_node(static_cast<NodeId>(pair & 0xffffffff)));
      singles_.Write()[pair] = ReadLink(reader);
    }
  }

 private:
  LinkProperties default_;
  Cow<std::unordered_map<Pair, LinkProperties>> singles_;
};

}  // namespace delstep
