#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "base/utf8.h"
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
                  label.starts_with(kByteOrderMark);
         });
}

/// Of XML, in an attribute.
std::string XmlEscaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

/// A real of GML has a point.
std::string GmlReal(double value) {
  std::string text = ShortestReal(value);
  if (text.find('.') != text.npos) return text;
  return text.insert(std::min(text.find('e'), text.size()), ".0");
}

/// Of GML: ASCII, others by their number.
std::string GmlEscaped(std::string_view text) {
  std::string escaped;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = NextCodePoint(text, at);
    if (c < 0x20 || c > 0x7e || c == '&' || c == '"') {
      escaped += fmt::format("&#{};", static_cast<std::uint32_t>(c));
    } else {
      escaped += static_cast<char>(c);
    }
  }
  return escaped;
}

}  // namespace

// A node without edges stands alone on a line, or it would not be there when the file is read.
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

std::string WriteGraphml(const Graph& graph) {
  const auto id = [&](std::uint32_t node) {
    return graph.labels.empty() ? std::to_string(node) : XmlEscaped(graph.labels[node]);
  };
  const bool weighted = HasWeights(graph), placed = !graph.positions.empty();
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n";
  const auto add_key = [&](const char* name, const char* domain) {
    text += fmt::format("  <key id=\"{0}\" for=\"{1}\" attr.name=\"{0}\" attr.type=\"double\"/>\n",
                        name, domain);
  };
  if (placed) add_key("x", "node"), add_key("y", "node");
  if (weighted) add_key("weight", "edge");
  text += "  <graph edgedefault=\"undirected\">\n";
  for (std::uint32_t node = 0; node < graph.nodes; ++node) {
    text += fmt::format("    <node id=\"{}\"", id(node));
    if (placed) {
      const Position& at = graph.positions[node];
      text += fmt::format("><data key=\"x\">{}</data><data key=\"y\">{}</data></node>\n",
                          ShortestReal(at.x), ShortestReal(at.y));
    } else {
      text += "/>\n";
    }
  }
  for (const auto& edge : graph.edges) {
    text += fmt::format("    <edge source=\"{}\" target=\"{}\"", id(edge.a), id(edge.b));
    text += weighted
                ? fmt::format("><data key=\"weight\">{}</data></edge>\n", ShortestReal(edge.weight))
                : "/>\n";
  }
  return text + "  </graph>\n</graphml>\n";
}

std::string WriteGml(const Graph& graph) {
  const bool weighted = HasWeights(graph);
  std::string text = "graph [\n";
  for (std::uint32_t node = 0; node < graph.nodes; ++node) {
    text +=
        fmt::format("  node [ id {} label \"{}\"", node,
                    graph.labels.empty() ? std::to_string(node) : GmlEscaped(graph.labels[node]));
    if (!graph.positions.empty()) {
      const Position& at = graph.positions[node];
      text += fmt::format(" x {} y {}", GmlReal(at.x), GmlReal(at.y));
    }
    text += " ]\n";
  }
  for (const auto& edge : graph.edges) {
    text += fmt::format("  edge [ source {} target {}", edge.a, edge.b);
    if (weighted) text += " weight " + GmlReal(edge.weight);
    text += " ]\n";
  }
  return text + "]\n";
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
