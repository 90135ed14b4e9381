#pragma once
/// Properties of links in graph files: `loss`, `latency` and `bandwidth` of an edge, written as in a
/// scenario: 0.1, 20ms or uniform(10ms,50ms), 10Mbps.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "delstep/graph.h"
#include "delstep/result.h"

namespace delstep {

bool IsLinkField(std::string_view name);
/// Requires IsLinkField(name). Errors: kUsage, with what is allowed as the hint.
Result<void> SetLinkField(std::string_view name, std::string_view text, Graph::Link& link);

/// Name and value of each field that is there; each text reads back as the same value.
std::vector<std::pair<std::string, std::string>> LinkFields(const Graph::Link& link);

/// An edge as a file has it: it stands once if both directions have the same properties, else once
/// for each direction.
struct WrittenEdge {
  std::uint32_t from = 0, to = 0;
  double weight = 1;
  Graph::Link link{};
};
/// All edges of the graph in their order.
std::vector<WrittenEdge> WrittenEdges(const Graph& graph);

}  // namespace delstep
