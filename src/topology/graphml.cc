#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/shortened.h"
#include "base/text.h"
#include "base/utf8.h"
#include "topology/graph_builder.h"
#include "topology/graph_files.h"
#include "topology/link_fields.h"

namespace delstep {
namespace {

/// A tree of a text takes up to 16 times its size.
constexpr std::size_t kLargestText = std::size_t{64} << 20;

/// The name without the prefix of a namespace: `g:node` is `node`.
std::string_view LocalName(const pugi::xml_node& element) {
  const std::string_view name = element.name();
  const auto colon = name.find(':');
  return colon == name.npos ? name : name.substr(colon + 1);
}

pugi::xml_node Child(const pugi::xml_node& element, std::string_view name) {
  return element.find_child([&](const pugi::xml_node& child) { return LocalName(child) == name; });
}

class GraphmlReader {
 public:
  GraphmlReader(GraphBuilder& builder, std::size_t text_size)
      : builder_(builder), text_size_(text_size) {}

  Result<Graph> Read(const pugi::xml_document& document) {
    const pugi::xml_node root = document.document_element();
    if (LocalName(root) != "graphml") {
      return Wrong(root, fmt::format("the outermost element is {}, expected <graphml>",
                                     Excerpt(root.name())));
    }
    pugi::xml_node graph;
    for (const pugi::xml_node& child : root.children()) {
      if (LocalName(child) == "key") ReadKey(child);
      if (LocalName(child) != "graph") continue;
      // A file of GraphML may hold several graphs; taking the first would read another one than was
      // meant.
      if (graph) return Wrong(child, "a second <graph>; a topology is one graph");
      graph = child;
    }
    if (!graph) return Wrong(root, "no <graph> in <graphml>");
    DELSTEP_TRY(ReadNodes(graph));
    DELSTEP_TRY(ReadEdges(graph));
    if (builder_.empty()) return Wrong(graph, "the file names no node");
    return builder_.Finish(directed_);
  }

 private:
  /// Of the keys only those of an edge's weight and link properties matter, and their defaults.
  void ReadKey(const pugi::xml_node& key) {
    const std::string_view domain = key.attribute("for").as_string("all");
    if (domain != "edge" && domain != "all") return;
    const std::string_view name = key.attribute("attr.name").value();
    if (IsLinkField(name))
      link_keys_.push_back({.id = key.attribute("id").value(),
                            .name = std::string(name),
                            .otherwise = std::string(Trim(Child(key, "default").child_value()))});
    if (name != "weight") return;
    weight_key_ = key.attribute("id").value();
    default_weight_ = ParseReal(Trim(Child(key, "default").child_value())).value_or(1);
  }

  Result<void> ReadNodes(const pugi::xml_node& graph) {
    for (const pugi::xml_node& child : graph.children()) {
      const std::string_view name = LocalName(child);
      if (name == "hyperedge") return Wrong(child, "a <hyperedge>; an edge joins two nodes");
      if (name != "node") continue;
      if (const pugi::xml_node inner = Child(child, "graph"))
        return Wrong(inner, "a graph inside a node; a topology is one graph");
      const pugi::xml_attribute id = child.attribute("id");
      if (!id) return Wrong(child, "a node without id");
      if (!nodes_.insert(id.value()).second)
        return Wrong(child, fmt::format("a second node {}", Excerpt(id.value())));
      DELSTEP_TRY(builder_.AddNode(id.value(), OffsetOf(child)));
    }
    return {};
  }

  Result<bool> IsDirected(const pugi::xml_node& edge, bool by_default) const {
    const pugi::xml_attribute directed = edge.attribute("directed");
    if (!directed) return by_default;
    const std::string_view value = directed.value();
    if (value == "true" || value == "1") return true;
    if (value == "false" || value == "0") return false;
    return Wrong(edge, fmt::format("directed is {}, expected true or false", Excerpt(value)));
  }

  /// An undirected edge among directed ones is an arc in both directions.
  Result<void> ReadEdges(const pugi::xml_node& graph) {
    const std::string_view directedness = graph.attribute("edgedefault").as_string("undirected");
    if (directedness != "directed" && directedness != "undirected") {
      return Wrong(graph, fmt::format("edgedefault is {}, expected undirected or directed",
                                      Excerpt(directedness)));
    }
    std::vector<std::pair<pugi::xml_node, bool>> edges;
    for (const pugi::xml_node& child : graph.children()) {
      if (LocalName(child) != "edge") continue;
      DELSTEP_ASSIGN(const bool directed, IsDirected(child, directedness == "directed"));
      // Looked through first: whether a single edge is directed decides how the others are to be
      // read.
      directed_ |= directed;
      edges.emplace_back(child, directed);
    }
    for (const auto& [edge, directed] : edges) DELSTEP_TRY(ReadEdge(edge, directed_ && !directed));
    return {};
  }

  Result<void> ReadEdge(const pugi::xml_node& edge, bool both_ways) {
    const pugi::xml_attribute ends[] = {edge.attribute("source"), edge.attribute("target")};
    for (const pugi::xml_attribute& end : ends) {
      if (!end) return Wrong(edge, "an edge without source and target");
      if (!nodes_.contains(end.value())) {
        return Wrong(edge, fmt::format("an edge names {}, which is no <node> of the graph",
                                       Excerpt(end.value())));
      }
    }
    GraphBuilder::EdgeValues values;
    DELSTEP_ASSIGN(values.weight, WeightOf(edge));
    for (const LinkKey& key : link_keys_) DELSTEP_TRY(TakeLinkField(edge, key, values.link));
    const std::size_t offset = OffsetOf(edge);
    DELSTEP_TRY(builder_.AddEdge(ends[0].value(), ends[1].value(), values, offset));
    if (both_ways) return builder_.AddEdge(ends[1].value(), ends[0].value(), values, offset);
    return {};
  }

  struct LinkKey {
    std::string id, name, otherwise;  // the text of an edge without one; may be empty
  };

  Result<void> TakeLinkField(const pugi::xml_node& edge, const LinkKey& key,
                             Graph::Link& link) const {
    for (const pugi::xml_node& data : edge.children()) {
      if (LocalName(data) != "data" || data.attribute("key").value() != key.id) continue;
      return builder_.SetField(key.name, data.child_value(), OffsetOf(data), link);
    }
    if (key.otherwise.empty()) return {};
    return builder_.SetField(key.name, key.otherwise, OffsetOf(edge), link);
  }

  Result<double> WeightOf(const pugi::xml_node& edge) const {
    if (weight_key_.empty()) return 1.0;
    for (const pugi::xml_node& data : edge.children()) {
      if (LocalName(data) != "data" || data.attribute("key").value() != weight_key_) continue;
      if (const auto weight = ParseReal(Trim(data.child_value()))) return *weight;
      return Wrong(data, fmt::format("the weight {} is not a finite number, such as 0.5",
                                     Excerpt(data.child_value())));
    }
    return default_weight_;
  }

  std::size_t OffsetOf(const pugi::xml_node& element) const {
    const std::ptrdiff_t offset = element.offset_debug();
    return offset < 0 ? 0 : std::min(static_cast<std::size_t>(offset), text_size_);
  }
  Error Wrong(const pugi::xml_node& element, std::string message) const {
    return builder_.At(OffsetOf(element), std::move(message));
  }

  GraphBuilder& builder_;
  std::size_t text_size_;
  std::string weight_key_;
  std::vector<LinkKey> link_keys_;
  double default_weight_ = 1;
  std::unordered_set<std::string_view> nodes_;  // views into the document
  bool directed_ = false;
};

}  // namespace

Result<Graph> ReadGraphml(std::string_view text, std::string_view file, const NodesOptions& nodes) {
  GraphBuilder builder(file, text, nodes);
  if (text.size() > kLargestText) {
    return BadFile(fmt::format("larger than {}, the largest GraphML file allowed",
                               HumanBytes(kLargestText)),
                   "write the graph as an edge list")
        .At(std::string(file));
  }
  const std::size_t start = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  if (const std::size_t clean = CleanLength(text.substr(start)) + start; clean < text.size()) {
    return builder.At(clean,
                      fmt::format("not UTF-8 text: byte 0x{:02x} at offset {}",
                                  static_cast<unsigned char>(text[clean]), clean),
                      "save the file as UTF-8");
  }
  // Document types are passed over and the entities they declare stay as they are written.
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(
      text.data() + start, text.size() - start, pugi::parse_default, pugi::encoding_utf8);
  if (!parsed) {
    const std::size_t offset =
        start + static_cast<std::size_t>(std::max<std::ptrdiff_t>(parsed.offset, 0));
    return builder.At(std::min(offset, text.size()),
                      fmt::format("not valid XML: {}", Lower(parsed.description())));
  }
  return GraphmlReader(builder, text.size()).Read(document);
}

}  // namespace delstep
