#pragma once
/// Sets of nodes with a name, for commands to refer to.
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "delstep/types.h"

namespace delstep {

/// The members of a group, in the order in which they joined. To ask whether a node is one takes
/// constant time: `status` asks it of every node and group.
class GroupMembers {
 public:
  const std::vector<NodeId>& list() const { return list_; }
  std::size_t size() const { return list_.size(); }
  bool empty() const { return list_.empty(); }
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }
  bool Has(NodeId node) const { return Index(node) < is_member_.size() && is_member_[Index(node)]; }

  /// False if it is a member already.
  bool Add(NodeId node) {
    if (Has(node)) return false;
    if (is_member_.size() <= Index(node)) is_member_.resize(Index(node) + 1);
    is_member_[Index(node)] = true;
    list_.push_back(node);
    return true;
  }
  /// One pass over the list, however many go. Requires that each is a member.
  void Remove(std::span<const NodeId> nodes) {
    for (const NodeId node : nodes) is_member_[Index(node)] = false;
    std::erase_if(list_, [this](NodeId node) { return !Has(node); });
  }
  void Clear() { *this = {}; }

 private:
  std::vector<NodeId> list_;
  std::vector<bool> is_member_;  // by node
};

struct NodeGroup {
  std::string name;
  GroupMembers members{};
};

}  // namespace delstep
