#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "topology/graph_files.h"
#include "topology/properties.h"

namespace delstep {
namespace {

/// A text of JSON, and as well one of DOT.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(quoted), "\\u{:04x}", static_cast<unsigned>(c));
      continue;
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

bool HasWeights(const Graph& graph) {
  return std::ranges::any_of(graph.edges, [](const auto& edge) { return edge.weight != 1; });
}

bool FitEdgeList(const std::vector<std::string>& labels) {
  const std::set<std::string_view> distinct(labels.begin(), labels.end());
  return distinct.size() == labels.size() && std::ranges::none_of(labels, [](const auto& label) {
           return label.empty() || label.find_first_of(" \t\r\n\f\v,#{") != label.npos ||
                  label.starts_with("\xef\xbb\xbf");
         });
}

}  // namespace

std::string WriteEdgeList(const Graph& graph) {
  const bool labelled = !graph.labels.empty() && FitEdgeList(graph.labels);
  const auto name = [&](std::uint32_t node) {
    return labelled ? graph.labels[node] : std::to_string(node);
  };
  const auto degrees = Degrees(graph);
  std::string text;
  for (std::uint32_t node = 0; node < graph.nodes; ++node)
    if (labelled || degrees[node] == 0) text += name(node) + '\n';
  const bool weighted = HasWeights(graph);
  for (const auto& edge : graph.edges) {
    text += name(edge.a) + ' ' + name(edge.b);
    if (weighted) text += ' ' + ShortestReal(edge.weight);
    text += '\n';
  }
  return text;
}

std::string WriteNodeLink(const Graph& graph) {
  const auto id = [&](std::uint32_t node) {
    return graph.labels.empty() ? std::to_string(node) : Quoted(graph.labels[node]);
  };
  std::string text = "{\"directed\": false, \"multigraph\": false, \"graph\": {},\n \"nodes\": [";
  for (std::uint32_t node = 0; node < graph.nodes; ++node) {
    text += (node == 0 ? "\n  {\"id\": " : ",\n  {\"id\": ") + id(node);
    if (!graph.positions.empty()) {
      const Position& at = graph.positions[node];
      text += fmt::format(", \"pos\": [{}, {}]", ShortestReal(at.x), ShortestReal(at.y));
    }
    text += '}';
  }
  text += "],\n \"links\": [";
  const bool weighted = HasWeights(graph);
  for (bool first = true; const auto& edge : graph.edges) {
    text += first ? "\n  " : ",\n  ";
    text += fmt::format("{{\"source\": {}, \"target\": {}", id(edge.a), id(edge.b));
    if (weighted) text += ", \"weight\": " + ShortestReal(edge.weight);
    text += '}';
    first = false;
  }
  return text + "]}\n";
}

std::string WriteDot(const Graph& graph) {
  const auto id = [&](std::uint32_t node) {
    return graph.labels.empty() ? std::to_string(node) : Quoted(graph.labels[node]);
  };
  std::string text = "graph delstep {\n";
  for (std::uint32_t node = 0; node < graph.nodes; ++node) {
    text += "  " + id(node);
    if (!graph.positions.empty()) {
      const Position& at = graph.positions[node];
      text += fmt::format(" [pos=\"{},{}\"]", ShortestReal(at.x), ShortestReal(at.y));
    }
    text += ";\n";
  }
  const bool weighted = HasWeights(graph);
  for (const auto& edge : graph.edges) {
    text += fmt::format("  {} -- {}", id(edge.a), id(edge.b));
    if (weighted) text += fmt::format(" [weight={}]", ShortestReal(edge.weight));
    text += ";\n";
  }
  return text + "}\n";
}

}  // namespace delstep
