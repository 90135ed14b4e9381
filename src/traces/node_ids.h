#pragma once
/// Which node an id of a trace or of a contact list means.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/result.h"
#include "delstep/scenario.h"
#include "delstep/types.h"

namespace delstep {

/// What is wrong with an id, for a message: it is empty, longer than 255 bytes, no UTF-8, holds
/// control characters, or means many nodes (base/selector_word.h). Nothing if all is well.
std::optional<std::string> WrongId(std::string_view id);

/// The nodes of a file's ids.
struct NodesOfIds {
  std::vector<NodeId> nodes;  ///< one per id, all different
  /// How many nodes there are: nodes.count, or as many as the file wants where nobody gave it.
  std::size_t count = 0;
  std::vector<std::string> notes;  ///< which id is which node, where nobody can guess it
};

/// 1. An id that is the address or the name of a node is that node.
/// 2. All other ids stand for the nodes that remain, in ascending order: as numbers if all of them
///    are numbers (9 comes before 10), else as text, byte by byte (veh10 comes before veh9).
///
/// Where nobody gave nodes.count, there are as many nodes as ids (and as names and addresses, where
/// these are more). `file` stands in messages. Requires ids that are all different.
/// Errors: kFile at the file, if there are more ids than nodes.
Result<NodesOfIds> FindNodesOfIds(std::span<const std::string> ids, const NodesOptions& nodes,
                                  const std::string& file);

}  // namespace delstep
