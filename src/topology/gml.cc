#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/shortened.h"
#include "base/text.h"
#include "base/utf8.h"
#include "topology/graph_builder.h"
#include "topology/graph_files.h"
#include "topology/link_fields.h"

namespace delstep {
namespace {

constexpr std::size_t kDeepest = 100;  // open lists
constexpr std::string_view kBlanks = " \t\r\n\v\f";

struct Token {
  enum class Kind { kEnd, kKey, kNumber, kText, kOpen, kClose };
  Kind kind = Kind::kEnd;
  std::string_view text;  // of a text without its quotes
  std::size_t offset = 0;
};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// Words of a GML text.
class Lexer {
 public:
  Lexer(const GraphBuilder& builder, std::string_view text) : builder_(builder), text_(text) {}

  Result<Token> Next() {
    SkipBlanksAndComments();
    const std::size_t begin = at_;
    const auto take = [&](Token::Kind kind, std::size_t end) {
      at_ = end;
      return Token{kind, text_.substr(begin, end - begin), begin};
    };
    if (begin == text_.size()) return take(Token::Kind::kEnd, begin);
    const char c = text_[begin];
    if (c == '[') return take(Token::Kind::kOpen, begin + 1);
    if (c == ']') return take(Token::Kind::kClose, begin + 1);
    if (c == '"') {
      const std::size_t end = text_.find('"', begin + 1);
      if (end == text_.npos) return builder_.At(begin, "a text whose quote is not closed");
      at_ = end + 1;
      return Token{Token::Kind::kText, text_.substr(begin + 1, end - begin - 1), begin};
    }
    std::size_t end = begin;
    while (end < text_.size() && (IsLetter(text_[end]) || IsDigit(text_[end]) ||
                                  text_[end] == '+' || text_[end] == '-' || text_[end] == '.'))
      ++end;
    if (end == begin) {
      return builder_.At(begin, fmt::format("found {}, expected a key, a value or a bracket",
                                            Excerpt(text_.substr(begin, 20))));
    }
    return take(IsLetter(c) ? Token::Kind::kKey : Token::Kind::kNumber, end);
  }

 private:
  void SkipBlanksAndComments() {
    for (;;) {
      at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size());
      if (at_ == text_.size() || text_[at_] != '#') return;
      at_ = std::min(text_.find('\n', at_), text_.size());
    }
  }

  const GraphBuilder& builder_;
  std::string_view text_;
  std::size_t at_ = 0;
};

/// The character of "quot" or "#252" or "#xfc"; nothing for others.
std::optional<char32_t> CodeOfEntity(std::string_view name) {
  constexpr std::pair<std::string_view, char> kNames[] = {
      {"quot", '"'}, {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"apos", '\''}};
  for (const auto& [known, c] : kNames)
    if (name == known) return static_cast<unsigned char>(c);
  if (!name.starts_with('#') || name.size() < 2) return std::nullopt;
  const bool hex = name[1] == 'x' || name[1] == 'X';
  char32_t code = 0;
  const std::string_view digits = name.substr(hex ? 2 : 1);
  for (const char c : Lower(digits)) {
    const bool letter = hex && c >= 'a' && c <= 'f';
    if (!letter && !IsDigit(c)) return std::nullopt;
    code = code * (hex ? 16 : 10) + static_cast<char32_t>(letter ? c - 'a' + 10 : c - '0');
    if (code > 0x10ffff) return std::nullopt;
  }
  // Halves of UTF-16 pairs are no characters.
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return digits.empty() || surrogate ? std::nullopt : std::optional(code);
}

/// With entities resolved; unknown ones stay as they are written.
std::string Unescape(std::string_view text) {
  constexpr std::size_t kLongest = 10;
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text[at] == '&' ? text.find(';', at) : text.npos;
    const auto code = end != text.npos && end - at <= kLongest
                          ? CodeOfEntity(text.substr(at + 1, end - at - 1))
                          : std::nullopt;
    if (code) {
      AppendUtf8(*code, plain);
      at = end + 1;
    } else {
      plain += text[at++];
    }
  }
  return plain;
}

/// Goes over keys and values and keeps no more than nodes and edges.
class GmlReader {
 public:
  GmlReader(GraphBuilder& builder, std::string_view text)
      : builder_(builder), lexer_(builder, text) {}

  Result<Graph> Read(std::string_view file) {
    for (;;) {
      DELSTEP_ASSIGN(const Token token, lexer_.Next());
      if (token.kind == Token::Kind::kEnd) break;
      if (token.kind == Token::Kind::kClose) {
        DELSTEP_TRY(Close(token));
      } else if (token.kind == Token::Kind::kKey) {
        DELSTEP_TRY(ReadValue(token));
      } else {
        return builder_.At(token.offset,
                           fmt::format("found {}, expected a key", Excerpt(token.text)));
      }
    }
    if (!open_.empty()) return builder_.At(open_.back().offset, "a list whose '[' is not closed");
    if (nodes_.empty()) {
      return BadFile("the file names no node",
                     "GML is graph [ node [ id 0 ] node [ id 1 ] edge [ source 0 target 1 ] ]")
          .At(std::string(file));
    }
    return Finish();
  }

 private:
  enum class List { kGraph, kNode, kEdge, kOther };
  struct Open {
    List list;
    std::size_t offset;
  };
  struct Node {
    std::optional<std::string> id, label;
    std::size_t offset = 0;
  };
  struct Edge {
    std::optional<std::string> source, target;
    GraphBuilder::EdgeValues values{};
    std::size_t offset = 0;
  };

  Result<void> ReadValue(const Token& key) {
    DELSTEP_ASSIGN(const Token value, lexer_.Next());
    if (value.kind == Token::Kind::kOpen) return OpenList(key);
    if (value.kind != Token::Kind::kNumber && value.kind != Token::Kind::kText)
      return builder_.At(key.offset, fmt::format("the key {} has no value", Excerpt(key.text)));
    if (open_.empty()) return {};
    switch (open_.back().list) {
      case List::kGraph:
        if (key.text == "directed") directed_ = value.text == "1";
        return {};
      case List::kNode:
        TakeOfNode(key.text, value);
        return {};
      case List::kEdge:
        return TakeOfEdge(key.text, value);
      case List::kOther:
        return {};
    }
    return {};
  }

  Result<void> OpenList(const Token& key) {
    List list = List::kOther;
    if (open_.empty() && key.text == "graph") {
      // Keys outside of a graph (Creator, Version) are passed over.
      if (std::exchange(has_graph_, true))
        return builder_.At(key.offset, "a second graph; a topology is one graph");
      list = List::kGraph;
    } else if (!open_.empty() && open_.back().list == List::kGraph) {
      if (key.text == "node") list = List::kNode;
      if (key.text == "edge") list = List::kEdge;
    }
    if (list == List::kNode) nodes_.push_back({{}, {}, key.offset});
    if (list == List::kEdge) edges_.push_back({.source = {}, .target = {}, .offset = key.offset});
    if (open_.size() == kDeepest)
      return builder_.At(key.offset, fmt::format("lists more than {} deep", kDeepest));
    open_.push_back({list, key.offset});
    return {};
  }

  Result<void> Close(const Token& token) {
    if (open_.empty()) return builder_.At(token.offset, "a ']' that closes no list");
    const List list = open_.back().list;
    open_.pop_back();
    if (list == List::kNode && !nodes_.back().id)
      return builder_.At(nodes_.back().offset, "a node without id");
    if (list == List::kEdge && (!edges_.back().source || !edges_.back().target))
      return builder_.At(edges_.back().offset, "an edge without source and target");
    return {};
  }

  void TakeOfNode(std::string_view key, const Token& value) {
    if (key == "id") nodes_.back().id = Unescape(value.text);
    if (key == "label") nodes_.back().label = Unescape(value.text);
  }

  Result<void> TakeOfEdge(std::string_view key, const Token& value) {
    Edge& edge = edges_.back();
    if (key == "source") edge.source = Unescape(value.text);
    if (key == "target") edge.target = Unescape(value.text);
    if (IsLinkField(key))
      return builder_.SetField(key, Unescape(value.text), value.offset, edge.values.link);
    if (key != "weight") return {};
    const auto weight = ParseReal(value.text);
    if (!weight) {
      return builder_.At(value.offset, fmt::format("the weight {} is not a finite number, such as "
                                                   "0.5",
                                                   Excerpt(value.text)));
    }
    edge.values.weight = *weight;
    return {};
  }

  /// By their labels if each node has one of its own, else by their ids.
  Result<Graph> Finish() {
    std::unordered_map<std::string_view, const Node*> by_id;
    std::unordered_set<std::string_view> labels;
    for (const Node& node : nodes_) {
      if (!by_id.emplace(*node.id, &node).second)
        return builder_.At(node.offset, fmt::format("a second node {}", Excerpt(*node.id)));
      if (node.label) labels.insert(*node.label);
    }
    const bool by_label = labels.size() == nodes_.size();
    const auto name = [&](const Node& node) -> const std::string& {
      return by_label ? *node.label : *node.id;
    };
    for (const Node& node : nodes_) DELSTEP_TRY(builder_.AddNode(name(node), node.offset));
    for (const Edge& edge : edges_) {
      for (const auto& end : {edge.source, edge.target}) {
        if (by_id.contains(*end)) continue;
        return builder_.At(edge.offset, fmt::format("an edge names {}, which is the id of no node",
                                                    Excerpt(*end)));
      }
      DELSTEP_TRY(builder_.AddEdge(name(*by_id.at(*edge.source)), name(*by_id.at(*edge.target)),
                                   edge.values, edge.offset));
    }
    return builder_.Finish(directed_);
  }

  GraphBuilder& builder_;
  Lexer lexer_;
  std::vector<Open> open_;
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  bool has_graph_ = false, directed_ = false;
};

}  // namespace

Result<Graph> ReadGml(std::string_view text, std::string_view file, const NodesOptions& nodes) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  GraphBuilder builder(file, text, nodes);
  if (const std::size_t clean = CleanLength(text); clean < text.size()) {
    return builder.At(clean,
                      fmt::format("not a text file: byte 0x{:02x} at offset {}",
                                  static_cast<unsigned char>(text[clean]), clean),
                      "GML is ASCII, with characters beyond it written as &#252;");
  }
  return GmlReader(builder, text).Read(file);
}

}  // namespace delstep
