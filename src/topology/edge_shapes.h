#pragma once
/// Texts of lines that are no edge list though each line could be one: adjacency lists, matrices, a
/// count of nodes in the first line, and other formats without a sign of their own. An edge list is
/// looked over for these before and after it is read, so that it is never read as another graph.
#include <cstdint>
#include <string_view>

#include "delstep/result.h"
#include "topology/graph_builder.h"

namespace delstep {

/// What is wrong with the lines, whatever they say of nodes. Errors: kFile, at the line.
Result<void> CheckShape(std::string_view text, const GraphBuilder& builder,
                        const NodesOptions& nodes);

/// What is wrong once all labels are known. Errors: kFile, at the line.
Result<void> CheckLabels(std::string_view text, const GraphBuilder& builder);

}  // namespace delstep
