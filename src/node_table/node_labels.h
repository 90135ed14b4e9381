#pragma once
/// The first column of a table of nodes: how the file calls them, and which nodes these are. The
/// rules and errors are those of node_table.h.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "delstep/result.h"
#include "delstep/scenario.h"
#include "delstep/types.h"

namespace delstep {

/// Collects labels, and finds their nodes once all are known.
class NodeLabels {
 public:
  /// The place of the label among all different ones, by first appearance. Errors: an empty label,
  /// one of more than 255 bytes, or one that means many nodes (base/selector_word.h).
  Result<std::size_t> Add(std::string_view label, std::uint32_t line, std::string_view file);

  /// The node of each label, by its place. A node may have two: its address and its name.
  Result<std::vector<NodeId>> Find(std::string_view file, const NodesOptions& nodes,
                                   std::vector<std::string>& notes) const;

 private:
  struct Label {
    std::string text;
    std::uint32_t line;  // of its first appearance
  };
  Result<std::vector<NodeId>> InAscendingOrder(std::string_view file, const NodesOptions& nodes,
                                               std::vector<std::string>& notes) const;

  std::vector<Label> labels_;
  std::unordered_map<std::string, std::size_t> places_;
};

}  // namespace delstep
