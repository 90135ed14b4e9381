#pragma once
/// What the built-in network remembers of each link.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/cow.h"
#include "delstep/types.h"
#include "ports/network_bytes.h"

namespace delstep {

/// Of the messages sent over a link so far.
struct LinkUse {
  NodeId to{};
  SimTime free{};  ///< when the last of them has left the sender
  std::uint64_t messages = 0;
};

/// The links that were used, by sender and then by receiver. A value; copies share the links of
/// those senders that have sent nothing since.
class LinkUses {
 public:
  /// A new one at first. Valid until the next call. Cost: none to speak of where a node sends to
  /// its neighbours in ascending order; otherwise a binary search, and a new link moves those
  /// after it. The first use after a copy copies the links of the sender.
  LinkUse& At(NodeId from, NodeId to) {
    std::vector<Sender>& senders = senders_.Write();
    if (senders.size() <= Index(from)) senders.resize(Index(from) + 1);
    Sender& sender = senders[Index(from)];
    std::vector<LinkUse>& uses = sender.uses.Write();
    std::size_t& next = sender.next;
    if (next == uses.size() || uses[next].to != to) {
      const auto place = std::ranges::lower_bound(uses, to, {}, &LinkUse::to);
      next = static_cast<std::size_t>(place - uses.begin());
      if (place == uses.end() || place->to != to) uses.insert(place, LinkUse{to, {}, 0});
    }
    return uses[next++];
  }

  /// Forgets the links from and to the node.
  void Forget(NodeId node) {
    std::vector<Sender>& senders = senders_.Write();
    if (Index(node) < senders.size()) senders[Index(node)] = {};
    for (auto& [uses, next] : senders) {
      next = 0;
      // Asked first: a sender that never sent to the node goes on sharing its links with copies.
      if (std::ranges::binary_search(*uses, node, {}, &LinkUse::to))
        std::erase_if(uses.Write(), [&](const LinkUse& use) { return use.to == node; });
    }
  }

  void Save(ByteWriter& writer) const {
    writer.Add(std::uint64_t{senders_->size()});
    for (const auto& [uses, next] : *senders_) {
      writer.Add(std::uint64_t{uses->size()});
      for (const LinkUse& use : *uses) {
        writer.Add(std::uint64_t{Index(use.to)});
        Add(writer, use.free);
        writer.Add(use.messages);
      }
    }
  }
  /// Requires that nothing was used yet.
  void Load(ByteReader& reader) {
    std::vector<Sender>& senders = senders_.Write();
    senders.resize(reader.Count(8));
    for (Sender& sender : senders) {
      std::vector<LinkUse>& uses = sender.uses.Write();
      for (std::size_t left = reader.Count(24); left > 0; --left) {
        LinkUse use;
        use.to = static_cast<NodeId>(reader.NumberUpTo(std::numeric_limits<std::uint32_t>::max()));
        use.free = ReadTime(reader);
        use.messages = reader.Number();
        reader.Require(uses.empty() || uses.back().to < use.to);
        uses.push_back(use);
      }
    }
  }

 private:
  struct Sender {
    Cow<std::vector<LinkUse>> uses;  // ascending by receiver
    std::size_t next = 0;            // the one after the last that was asked for
  };
  Cow<std::vector<Sender>> senders_;
};

}  // namespace delstep
