#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/shortened.h"
#include "base/text.h"
#include "topology/graph_builder.h"
#include "topology/graph_files.h"
#include "topology/graph_formats.h"
#include "topology/link_fields.h"

namespace delstep {
namespace {

/// Goes over the text and shows how far the parser has come.
struct Cursor {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at;
  const char** progress;  // null for an end

  reference operator*() const { return *at; }
  Cursor& operator++() {
    *progress = ++at;
    return *this;
  }
  friend bool operator!=(const Cursor& x, const Cursor& y) { return x.at != y.at; }
};

/// Takes what the parser meets and keeps no more than the graph, so a file costs no more memory
/// than that. Items are the objects in the lists "nodes", "links" and "edges" of the outermost
/// object.
class NodeLinkHandler {
 public:
  NodeLinkHandler(GraphBuilder& builder, const char* begin, const char* const& progress)
      : builder_(builder), begin_(begin), progress_(progress) {}

  Error TakeError() && { return *std::move(error_); }
  bool directed() const { return directed_; }

  /// What a whole file must have. `hint` of an edge whose ends are no nodes: an old form.
  Result<void> CheckWhole() const {
    const auto has = [&](std::string_view name) {
      return std::ranges::find(sections_, name) != sections_.end();
    };
    const std::string_view file = builder_.file();
    const auto other = [&](std::string_view what, std::string_view reader) {
      return BadFile(
                 fmt::format("this looks like networkx' {}, which is not read", what),
                 fmt::format("python3 -c \"import json, networkx as nx; "
                             "json.dump(nx.node_link_data(nx.Graph(nx.{}(json.load(open({}))))), "
                             "open('{}', 'w'))\"",
                             reader, PythonName(file), NewGraphName(file, ".json")))
          .At(std::string(file));
    };
    if (has("links") || has("edges")) {
      if (!builder_.empty()) return builder_.RequireDeclared(UndeclaredHint());
    } else if (has("adjacency")) {
      return other("adjacency_data", "adjacency_graph");
    } else if (has("elements")) {
      return other("cytoscape_data", "cytoscape_graph");
    } else if (has("children")) {
      return other("tree_data", "tree_graph");
    }
    if (!has("nodes") || (!has("links") && !has("edges"))) {
      std::vector<std::string> names;
      for (const std::string& name : sections_) names.push_back(Excerpt(name));
      if (constexpr std::size_t kMost = 6; names.size() > kMost) {
        names.resize(kMost);
        names.push_back("...");
      }
      return BadFile(
                 fmt::format("the file names no {}: no list {}{}", has("nodes") ? "edge" : "node",
                             has("nodes") ? "\"links\" or \"edges\"" : "\"nodes\"",
                             names.empty() ? "" : "; it has " + Join(names, ", ")),
                 "node-link JSON has a list \"nodes\" and a list \"links\" or \"edges\"")
          .At(std::string(file));
    }
    return {};
  }

  bool null() { return (depth_ == 3 && IsLink()) || OnScalar({}, {}); }
  bool boolean(bool value) {
    if (depth_ == 1 && section_ == "directed") directed_ = value;
    return OnScalar({}, {});
  }
  bool number_integer(std::int64_t value) {
    return OnScalar(std::to_string(value), static_cast<double>(value));
  }
  bool number_unsigned(std::uint64_t value) {
    return OnScalar(std::to_string(value), static_cast<double>(value));
  }
  bool number_float(double value, const std::string&) { return OnScalar({}, value); }
  bool string(std::string& value) { return OnScalar(std::move(value), {}); }
  bool binary(nlohmann::json::binary_t&) { return OnScalar({}, {}); }

  bool key(std::string& name) {
    if (depth_ == 1) {
      if (sections_.size() < kMostSections) sections_.push_back(name);
      section_ = std::move(name);
    }
    if (depth_ == 3) field_ = std::move(name);
    return true;
  }
  bool start_object(std::size_t) {
    if (depth_ == 1 && InSection()) return Fail(fmt::format("\"{}\" must be a list", section_));
    if (depth_ == 3 && !CheckField()) return false;
    if (++depth_ == 3) item_ = Item();
    field_.clear();
    return true;
  }
  bool end_object() { return --depth_ != 2 || !InSection() || FinishItem(); }
  bool start_array(std::size_t) {
    if (depth_ == 0) return NoObject();
    if (depth_ == 2 && !CheckItem()) return false;
    if (depth_ == 3 && !CheckField()) return false;
    ++depth_;
    return true;
  }
  bool end_array() { return --depth_, true; }

  template <class Exception>
  bool parse_error(std::size_t, const std::string& token, const Exception&) {
    return Fail("not valid JSON, at " + Excerpt(token),
                EndsInComma(token)       ? "leave out the comma before the bracket"
                : StumbledOverNaN(token) ? "JSON has no NaN and no Infinity: leave such values out"
                                         : "");
  }

 private:
  struct Item {
    std::optional<std::string> id, source, target;
    GraphBuilder::EdgeValues values;
  };
  static constexpr std::size_t kMostSections = 32;

  bool NoObject() {
    return Fail(
        "the outermost value must be an object",
        "node-link JSON is {\"nodes\": [{\"id\": 0}, ...], \"links\": [{\"source\": 0, "
        "\"target\": 1}, ...]}; a list of pairs is written as an edge list instead, one edge "
        "a line: a b");
  }
  /// Whether the parser has stumbled over the bracket in `1, ]`.
  bool EndsInComma(std::string_view token) const {
    if (!token.ends_with(']') && !token.ends_with('}')) return false;
    const std::string_view before = Trim({begin_, offset()});
    return before.ends_with(',');
  }
  /// Once, edges named nodes by their place among "nodes".
  std::string UndeclaredHint() const {
    // Places are numbers below the number of nodes, which have other ids.
    const std::size_t nodes = builder_.declared();
    bool places = nodes > 0;
    std::size_t seen = 0;
    builder_.EachLabel([&](std::string_view label, std::size_t) {
      if (seen++ < nodes) return;
      const auto number = ParseIndex(label);
      places &= number && *number < nodes;
    });
    std::string hint = "give each node of an edge in \"nodes\", with this id";
    if (places)
      hint += "; links by place (old networkx, D3 before version 4) need ids as source and target";
    return hint;
  }

  bool InSection() const {
    return section_ == "nodes" || section_ == "links" || section_ == "edges";
  }
  std::size_t offset() const {
    // The parser has read the last byte of a token, or the one after it.
    return progress_ == begin_ ? 0 : static_cast<std::size_t>(progress_ - begin_ - 1);
  }
  bool Fail(std::string message, std::string hint = {}) {
    error_ = builder_.At(offset(), std::move(message), std::move(hint));
    return false;
  }
  bool CheckItem() {
    if (!InSection()) return true;
    return Fail(fmt::format("each of \"{}\" must be an object", section_),
                section_ == "nodes" ? "{\"id\": 0}" : "{\"source\": 0, \"target\": 1}");
  }
  /// Where the field's value goes if it is a label, else null.
  std::optional<std::string>* LabelField() {
    if (!InSection()) return nullptr;
    if (section_ == "nodes") return field_ == "id" ? &item_.id : nullptr;
    // vis.js says from and to.
    if (field_ == "source" || field_ == "from") return &item_.source;
    return field_ == "target" || field_ == "to" ? &item_.target : nullptr;
  }
  bool IsOfEdge() const { return InSection() && section_ != "nodes"; }
  bool IsWeight() const { return IsOfEdge() && field_ == "weight"; }
  bool IsLink() const { return IsOfEdge() && IsLinkField(field_); }
  /// Whether the field may hold something that is neither label nor number.
  bool CheckField() {
    if (LabelField()) {
      return Fail(fmt::format("\"{}\" must be a whole number or a text", field_),
                  "networkx' convert_node_labels_to_integers makes such a graph");
    }
    if (IsLink())
      return Fail(fmt::format("\"{}\" must be a text such as \"{}\"", field_,
                              field_ == "bandwidth" ? "10Mbps"
                              : field_ == "loss"    ? "0.1"
                                                    : "20ms"));
    return !IsWeight() || Fail("\"weight\" must be a number");
  }

  bool OnScalar(std::optional<std::string> label, std::optional<double> number) {
    if (depth_ == 0) return NoObject();
    if (depth_ == 1 && InSection()) return Fail(fmt::format("\"{}\" must be a list", section_));
    if (depth_ == 2) return CheckItem();
    if (depth_ != 3) return true;
    if (auto* field = LabelField(); field && label) {
      *field = std::move(label);
    } else if (IsWeight() && number) {
      item_.values.weight = *number;
    } else if (IsLink() && (label || number)) {
      return TakeLinkField(label ? *label : ShortestReal(*number));
    } else {
      return CheckField();
    }
    return true;
  }

  bool TakeLinkField(std::string_view text) {
    if (auto set = builder_.SetField(field_, text, offset(), item_.values.link); !set)
      error_ = std::move(set).error();
    return !error_;
  }

  bool FinishItem() {
    const bool is_node = section_ == "nodes";
    if (is_node && !item_.id)
      return Fail(
          "a node without \"id\"",
          "give each node one, a text or a whole number: {\"id\": \"a\"}; what D3 calls name "
          "or key is written as id");
    if (!is_node && (!item_.source || !item_.target))
      return Fail("an edge without \"source\" and \"target\"",
                  "they are ids of nodes: {\"source\": 0, \"target\": 1}");
    auto result = is_node ? builder_.DeclareNode(*item_.id, offset())
                          : builder_.AddEdge(*item_.source, *item_.target, item_.values, offset());
    if (!result) error_ = std::move(result).error();
    return !error_;
  }

  GraphBuilder& builder_;
  const char* begin_;
  const char* const& progress_;
  std::size_t depth_ = 0;              // of open lists and objects
  std::vector<std::string> sections_;  // the keys at depth 1
  std::string section_;                // the last of them
  std::string field_;                  // the key at depth 3
  Item item_;
  bool directed_ = false;
  std::optional<Error> error_;
};

}  // namespace

Result<Graph> ReadNodeLink(std::string_view text, std::string_view file,
                           const NodesOptions& nodes) {
  GraphBuilder builder(file, text, nodes);
  const char* const end = text.data() + text.size();
  const char* progress = text.data();
  NodeLinkHandler handler(builder, text.data(), progress);
  if (!nlohmann::json::sax_parse(Cursor{text.data(), &progress}, Cursor{end, nullptr}, &handler))
    return std::move(handler).TakeError();
  DELSTEP_TRY(handler.CheckWhole());
  if (builder.empty()) {
    return BadFile("the file names no node",
                   "node-link JSON has a list \"nodes\" and a list \"links\" or \"edges\"")
        .At(std::string(file));
  }
  return builder.Finish(handler.directed());
}

}  // namespace delstep
