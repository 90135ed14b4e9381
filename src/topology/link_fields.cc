#include "topology/link_fields.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "scenario/units.h"

namespace delstep {
namespace {

constexpr std::array<std::string_view, 3> kLinkFields = {"loss", "latency", "bandwidth"};

/// What the graph has of one direction; without properties if there is nothing.
Graph::Link OwnLink(const Graph& graph, std::uint32_t from, std::uint32_t to) {
  const auto found = std::ranges::lower_bound(
      graph.links, std::pair(from, to), {},
      [](const Graph::Link& link) { return std::pair(link.from, link.to); });
  if (found == graph.links.end() || found->from != from || found->to != to) return {};
  return *found;
}

bool SameProperties(const Graph::Link& x, const Graph::Link& y) {
  return x.loss == y.loss && x.latency == y.latency && x.bandwidth == y.bandwidth;
}

}  // namespace

bool IsLinkField(std::string_view name) {
  return std::ranges::find(kLinkFields, name) != kLinkFields.end();
}

Result<void> SetLinkField(std::string_view name, std::string_view text, Graph::Link& link) {
  if (name == "loss") {
    DELSTEP_ASSIGN(link.loss, ParseProbability(text));
  } else if (name == "latency") {
    DELSTEP_ASSIGN(link.latency, ParseLatency(text));
  } else {
    DELSTEP_ASSIGN(link.bandwidth, ParseBandwidth(text));
  }
  return {};
}

std::vector<std::pair<std::string, std::string>> LinkFields(const Graph::Link& link) {
  std::vector<std::pair<std::string, std::string>> fields;
  if (link.loss) fields.emplace_back("loss", ShortestReal(*link.loss));
  if (link.latency) fields.emplace_back("latency", LatencyText(*link.latency));
  if (link.bandwidth) fields.emplace_back("bandwidth", BandwidthText(*link.bandwidth));
  return fields;
}

std::vector<WrittenEdge> WrittenEdges(const Graph& graph) {
  std::vector<WrittenEdge> edges;
  for (const Graph::Edge& edge : graph.edges) {
    const Graph::Link there = OwnLink(graph, edge.a, edge.b);
    const Graph::Link back = OwnLink(graph, edge.b, edge.a);
    edges.push_back({.from = edge.a, .to = edge.b, .weight = edge.weight, .link = there});
    if (!SameProperties(there, back))
      edges.push_back({.from = edge.b, .to = edge.a, .weight = edge.weight, .link = back});
  }
  return edges;
}

}  // namespace delstep
