#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "topology/graph_builder.h"
#include "topology/graph_files.h"

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

  bool null() { return OnScalar({}, {}); }
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
    if (depth_ == 1) section_ = std::move(name);
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
    if (depth_ == 0) return Fail("the outermost value must be an object");
    if (depth_ == 2 && !CheckItem()) return false;
    if (depth_ == 3 && !CheckField()) return false;
    ++depth_;
    return true;
  }
  bool end_array() { return --depth_, true; }

  template <class Exception>
  bool parse_error(std::size_t, const std::string& token, const Exception&) {
    return Fail("not valid JSON, at " + Excerpt(token));
  }

 private:
  struct Item {
    std::optional<std::string> id, source, target;
    double weight = 1;
  };

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
    return field_ == "source" ? &item_.source : field_ == "target" ? &item_.target : nullptr;
  }
  bool IsWeight() const { return InSection() && section_ != "nodes" && field_ == "weight"; }
  /// Whether the field may hold something that is neither label nor number.
  bool CheckField() {
    if (LabelField()) {
      return Fail(fmt::format("\"{}\" must be a whole number or a text", field_),
                  "networkx' convert_node_labels_to_integers makes such a graph");
    }
    return !IsWeight() || Fail("\"weight\" must be a number");
  }

  bool OnScalar(std::optional<std::string> label, std::optional<double> number) {
    if (depth_ == 0) return Fail("the outermost value must be an object");
    if (depth_ == 1 && InSection()) return Fail(fmt::format("\"{}\" must be a list", section_));
    if (depth_ == 2) return CheckItem();
    if (depth_ != 3) return true;
    if (auto* field = LabelField(); field && label) {
      *field = std::move(label);
    } else if (IsWeight() && number) {
      item_.weight = *number;
    } else {
      return CheckField();
    }
    return true;
  }

  bool FinishItem() {
    const bool is_node = section_ == "nodes";
    if (is_node && !item_.id) return Fail("a node without \"id\"");
    if (!is_node && (!item_.source || !item_.target))
      return Fail("an edge without \"source\" and \"target\"");
    auto result = is_node ? builder_.AddNode(*item_.id, offset())
                          : builder_.AddEdge(*item_.source, *item_.target, item_.weight, offset());
    if (!result) error_ = std::move(result).error();
    return !error_;
  }

  GraphBuilder& builder_;
  const char* begin_;
  const char* const& progress_;
  std::size_t depth_ = 0;  // of open lists and objects
  std::string section_;    // the key at depth 1
  std::string field_;      // the key at depth 3
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
  if (builder.empty()) {
    return BadFile("the file names no node",
                   "node-link JSON has a list \"nodes\" and a list \"links\" or \"edges\"")
        .At(std::string(file));
  }
  return builder.Finish(handler.directed());
}

}  // namespace delstep
