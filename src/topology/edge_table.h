#pragma once
/// An edge list with a header: a table whose columns have names, such as
/// `source,target,loss,latency,bandwidth`.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "delstep/result.h"
#include "topology/graph_builder.h"

namespace delstep {

/// Which column is what; the others are passed over, and a note names them.
struct EdgeColumns {
  char separator = ',';
  std::size_t line_offset = 0;  ///< of the header
  std::size_t count = 0;
  std::size_t from = 0, to = 0;
  std::optional<std::size_t> weight, type;  ///< type: "Directed" or "Undirected", as Gephi has it
  std::vector<std::pair<std::string, std::size_t>> link_fields;
  std::vector<std::string> others;
  std::string twice;  ///< the name of two columns; empty if there is none
};

/// The columns if the first line is a header: it has the names of two ends (source and target, from
/// and to, src and dst, a and b, ...), and these are no nodes of the lines below it; or a column for
/// a property of links and two others.
std::optional<EdgeColumns> FindHeader(std::string_view text);

/// For a text without such a header: an error if it is a table of nodes; a note if the first line
/// may be a header all the same, as its two nodes occur nowhere else.
Result<void> CheckFirstLine(std::string_view text, GraphBuilder& builder);

/// Reads the lines below the header. Errors: kFile, at the line.
Result<Graph> ReadEdgeTable(std::string_view text, const EdgeColumns& columns,
                            GraphBuilder& builder);

}  // namespace delstep
