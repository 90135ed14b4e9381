#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "base/csv.h"
#include "base/text.h"
#include "base/utf8.h"
#include "topology/graph_builder.h"
#include "topology/graph_files.h"
#include "topology/link_fields.h"
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

/// A name that no reader of edge lists takes for anything else.
bool FitsEdgeList(std::string_view label) {
  const auto plain = [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') ||
           (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
  };
  return !label.empty() && label.front() != '-' && std::ranges::all_of(label, plain) &&
         !label.starts_with(kByteOrderMark) && !ParseReal(label);
}

bool FitEdgeList(const Graph& graph) {
  const auto& labels = graph.labels;
  const std::set<std::string_view> distinct(labels.begin(), labels.end());
  if (distinct.size() != labels.size() || !std::ranges::all_of(labels, FitsEdgeList)) return false;
  // Where there is no edge, words alone could be anything.
  return !graph.edges.empty() || std::ranges::all_of(labels, [](const auto& label) {
    return label.find_first_of("0123456789") != label.npos && label.find('-') == label.npos;
  });
}

/// In quotes unless it is a plain word: a sign in front could begin a comment.
std::string TableField(std::string_view label) {
  if (FitsEdgeList(label) || ParseIndex(label)) return std::string(label);
  std::string field = "\"";
  for (const char c : label) field += c == '"' ? "\"\"" : std::string(1, c);
  return field + '"';
}

bool HasLinks(const Graph& graph) { return !graph.links.empty(); }

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
  const bool labelled = !graph.labels.empty() && FitEdgeList(graph);
  const auto name = [&](std::uint32_t node) {
    return labelled ? graph.labels[node] : std::to_string(node);
  };
  std::string text;
  if (labelled)
    for (std::uint32_t node = 0; node < graph.nodes; ++node) text += name(node) + '\n';
  const bool weighted = HasWeights(graph);
  for (const WrittenEdge& edge : WrittenEdges(graph)) {
    text += name(edge.from) + ' ' + name(edge.to);
    // As networkx has data; a weight has a point, so that nobody takes it for a node.
    if (HasLinks(graph)) {
      std::vector<std::string> entries;
      if (weighted) entries.push_back("'weight': " + GmlReal(edge.weight));
      for (const auto& [field, value] : LinkFields(edge.link))
        entries.push_back(field == "loss" ? fmt::format("'loss': {}", value)
                                          : fmt::format("'{}': '{}'", field, value));
      text += " {" + Join(entries, ", ") + '}';
    } else if (weighted) {
      text += ' ' + GmlReal(edge.weight);
    }
    text += '\n';
  }
  // A number alone in the first line would look like a count.
  const auto degrees = Degrees(graph);
  for (std::uint32_t node = 0; !labelled && node < graph.nodes; ++node)
    if (degrees[node] == 0) text += name(node) + '\n';
  return text;
}

std::string WriteEdgeTable(const Graph& graph) {
  const auto name = [&](std::uint32_t node) {
    return graph.labels.empty() ? std::to_string(node) : TableField(graph.labels[node]);
  };
  // A node of this name would make the header look like an edge; a weight tells it from one.
  const bool confusing = std::ranges::any_of(graph.labels, [](const auto& label) {
    return Lower(label) == "source" || Lower(label) == "target";
  });
  const bool weighted = HasWeights(graph) || confusing, links = HasLinks(graph);
  std::string text = "source,target";
  if (weighted) text += ",weight";
  if (links) text += ",loss,latency,bandwidth";
  text += '\n';
  const std::string empty = std::string(weighted ? "," : "") + (links ? ",,," : "");
  const auto degrees = Degrees(graph);
  // Labelled nodes in their order first, so that they are read back in it.
  for (std::uint32_t node = 0; node < graph.nodes; ++node)
    if (!graph.labels.empty() || degrees[node] == 0) text += name(node) + ',' + empty + '\n';
  for (const WrittenEdge& edge : WrittenEdges(graph)) {
    text += name(edge.from) + ',' + name(edge.to);
    if (weighted) text += ',' + ShortestReal(edge.weight);
    if (links) {
      text += ',' + (edge.link.loss ? ShortestReal(*edge.link.loss) : "");
      for (const std::string_view wanted : {"latency", "bandwidth"}) {
        text += ',';
        for (const auto& [field, value] : LinkFields(edge.link))
          if (field == wanted) text += CsvField(value);
      }
    }
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
  for (bool first = true; const WrittenEdge& edge : WrittenEdges(graph)) {
    text += first ? "\n  " : ",\n  ";
    text += fmt::format("{{\"source\": {}, \"target\": {}", id(edge.from), id(edge.to));
    if (weighted) text += ", \"weight\": " + ShortestReal(edge.weight);
    for (const auto& [field, value] : LinkFields(edge.link))
      text += fmt::format(", \"{}\": {}", field, field == "loss" ? value : Quoted(value));
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
  if (HasLinks(graph)) {
    add_key("loss", "edge");
    for (const std::string_view field : {"latency", "bandwidth"})
      text += fmt::format(
          "  <key id=\"{0}\" for=\"edge\" attr.name=\"{0}\" attr.type=\"string\"/>\n", field);
  }
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
  for (const WrittenEdge& edge : WrittenEdges(graph)) {
    text += fmt::format("    <edge source=\"{}\" target=\"{}\"", id(edge.from), id(edge.to));
    std::string data;
    if (weighted) data = fmt::format("<data key=\"weight\">{}</data>", ShortestReal(edge.weight));
    for (const auto& [field, value] : LinkFields(edge.link))
      data += fmt::format("<data key=\"{}\">{}</data>", field, value);
    text += data.empty() ? "/>\n" : ">" + data + "</edge>\n";
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
  for (const WrittenEdge& edge : WrittenEdges(graph)) {
    text += fmt::format("  edge [ source {} target {}", edge.from, edge.to);
    if (weighted) text += " weight " + GmlReal(edge.weight);
    for (const auto& [field, value] : LinkFields(edge.link))
      text += field == "loss" ? " loss " + GmlReal(*edge.link.loss)
                              : fmt::format(" {} \"{}\"", field, value);
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
