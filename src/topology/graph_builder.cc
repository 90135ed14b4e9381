#include "topology/graph_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "delstep/types.h"
#include "topology/assemble.h"

namespace delstep {
namespace {

constexpr std::size_t kLongestLabel = 255;

bool IsAsciiControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::optional<std::uint64_t> ParseIndex(std::string_view label) {
  if (label.size() > 1 && label.front() == '0') return std::nullopt;
  return ParseUnsigned(label);
}

}  // namespace

std::string Excerpt(std::string_view text) {
  constexpr std::size_t kShown = 40;
  std::string shown = "'";
  while (!text.empty() && shown.size() <= kShown) {
    const std::size_t length = CodePointSize(text);
    if (length == 0 || IsAsciiControl(text.front()))
      shown += '?';
    else
      shown += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return shown + (text.empty() ? "'" : "...'");
}

std::size_t CleanLength(std::string_view text) {
  constexpr std::string_view kBlanks = "\t\n\v\f\r";
  std::size_t clean = 0;
  while (clean < text.size()) {
    const std::size_t length = CodePointSize(text.substr(clean));
    const bool control = IsAsciiControl(text[clean]) && kBlanks.find(text[clean]) == kBlanks.npos;
    if (length == 0 || control) break;
    clean += length;
  }
  return clean;
}

Error GraphBuilder::At(std::size_t offset, std::string message, std::string hint) const {
  const auto line = 1 + std::ranges::count(text_.substr(0, offset), '\n');
  return BadFile(std::move(message), std::move(hint)).At(fmt::format("{}:{}", file_, line));
}

Result<std::uint32_t> GraphBuilder::Number(std::string_view label, std::size_t offset) {
  if (label.empty()) return At(offset, "a node's label is empty");
  if (label.size() > kLongestLabel) {
    return At(offset, fmt::format("the label {} has {} bytes; at most {} are allowed",
                                  Excerpt(label), label.size(), kLongestLabel));
  }
  if (std::ranges::any_of(label, IsAsciiControl))
    return At(offset, fmt::format("the label {} holds control characters", Excerpt(label)));
  const auto [entry, is_new] =
      numbers_.try_emplace(std::string(label), static_cast<std::uint32_t>(labels_.size()));
  if (is_new) labels_.push_back({entry->first, offset});
  return entry->second;
}

Result<void> GraphBuilder::AddNode(std::string_view label, std::size_t offset) {
  DELSTEP_TRY(Number(label, offset));
  return {};
}

Result<void> GraphBuilder::AddEdge(std::string_view from, std::string_view to, double weight,
                                   std::size_t offset) {
  DELSTEP_ASSIGN(const std::uint32_t a, Number(from, offset));
  DELSTEP_ASSIGN(const std::uint32_t b, Number(to, offset));
  arcs_.push_back({.from = a, .to = b, .weight = weight, .offset = offset});
  return {};
}

std::string GraphBuilder::AddressOf(std::size_t node) const {
  return ToString(node < nodes_.addresses.size() ? nodes_.addresses[node] : DefaultAddress(node));
}

Result<std::vector<std::uint32_t>> GraphBuilder::NodesOfNumbers(
    const std::vector<std::uint64_t>& numbers) const {
  const std::uint64_t first = std::ranges::count(numbers, 0u) > 0 ? 0 : 1;
  std::vector<std::uint32_t> nodes;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] - first >= nodes_.count) {
      return At(labels_[i].offset,
                fmt::format("node '{}' is beyond nodes.count = {}: numbers from {} to {} are "
                            "allowed",
                            numbers[i], nodes_.count, first, nodes_.count - 1 + first),
                "raise nodes.count, or count from 0 if the file names a node 0");
    }
    nodes.push_back(static_cast<std::uint32_t>(numbers[i] - first));
  }
  return nodes;
}

std::vector<std::optional<std::uint32_t>> GraphBuilder::FindByName() const {
  std::unordered_map<std::string, std::uint32_t> known;
  for (std::uint32_t node = 0; node < nodes_.count; ++node) {
    known.try_emplace(AddressOf(node), node);
    if (node < nodes_.names.size()) known.try_emplace(nodes_.names[node], node);
  }
  std::vector<std::optional<std::uint32_t>> found(labels_.size());
  for (std::size_t i = 0; i < labels_.size(); ++i)
    if (const auto entry = known.find(labels_[i].text); entry != known.end())
      found[i] = entry->second;
  return found;
}

Result<std::vector<std::uint32_t>> GraphBuilder::NodesInOrder(
    const std::vector<std::optional<std::uint32_t>>& by_name) const {
  const auto is_known = [](const auto& node) { return node.has_value(); };
  const auto known = std::ranges::find_if(by_name, is_known);
  if (known != by_name.end()) {
    const auto unknown = std::ranges::find_if_not(by_name, is_known);
    const Label& friendly = labels_[static_cast<std::size_t>(known - by_name.begin())];
    const Label& stranger = labels_[static_cast<std::size_t>(unknown - by_name.begin())];
    return At(stranger.offset,
              fmt::format("the label {} is neither address nor name of one of the nodes "
                          "(nodes.count = {}), though {} is",
                          Excerpt(stranger.text), nodes_.count, Excerpt(friendly.text)),
              "raise nodes.count, name the nodes in nodes.names, or mend the label");
  }
  if (labels_.size() > nodes_.count) {
    const Label& extra = labels_[nodes_.count];
    return At(extra.offset,
              fmt::format("the label {} is that of a node number {}, but nodes.count = {}",
                          Excerpt(extra.text), nodes_.count + 1, nodes_.count),
              fmt::format("set nodes.count = {}", labels_.size()));
  }
  std::vector<std::uint32_t> nodes(labels_.size());
  std::iota(nodes.begin(), nodes.end(), 0u);
  return nodes;
}

Result<GraphBuilder::Meaning> GraphBuilder::Interpret() const {
  const auto by_name = FindByName();
  Meaning meaning{Rule::kNames, {}};
  for (const auto& node : by_name)
    if (node) meaning.nodes.push_back(*node);
  if (meaning.nodes.size() == labels_.size()) return meaning;
  std::vector<std::uint64_t> numbers;
  for (const Label& label : labels_)
    if (const auto number = ParseIndex(label.text)) numbers.push_back(*number);
  meaning.rule = numbers.size() == labels_.size() ? Rule::kNumbers : Rule::kOrder;
  DELSTEP_ASSIGN(meaning.nodes,
                 meaning.rule == Rule::kNumbers ? NodesOfNumbers(numbers) : NodesInOrder(by_name));
  return meaning;
}

Result<void> GraphBuilder::CheckReverses(const std::vector<Graph::Edge>& arcs) const {
  const auto less = [](const auto& x, const auto& y) {
    return std::tie(x.a, x.b) < std::tie(y.a, y.b);
  };
  std::vector<Graph::Edge> sorted = arcs;
  std::ranges::sort(sorted, less);
  for (std::size_t i = 0; i < arcs.size(); ++i) {
    if (std::ranges::binary_search(sorted, Graph::Edge{arcs[i].b, arcs[i].a}, less)) continue;
    return At(arcs_[i].offset,
              fmt::format("the graph is directed and its arc from {} to {} has no arc back; a "
                          "topology is undirected",
                          Excerpt(labels_[arcs_[i].from].text), Excerpt(labels_[arcs_[i].to].text)),
              "save the graph's to_undirected()");
  }
  return {};
}

std::string GraphBuilder::FreeLabel(std::size_t node) const {
  std::string label = fmt::format("node{}", node);
  while (numbers_.contains(label) || std::ranges::count(nodes_.names, label) > 0) label += '_';
  return label;
}

std::vector<std::string> GraphBuilder::Labels(const Meaning& meaning) const {
  std::vector<std::string> labels(nodes_.count);
  // Of several labels of one node the first stays.
  for (std::size_t i = labels_.size(); i-- > 0;) labels[meaning.nodes[i]] = labels_[i].text;
  for (std::size_t node = 0; node < nodes_.count; ++node) {
    if (labels[node].empty())
      labels[node] = meaning.rule == Rule::kNames ? AddressOf(node) : FreeLabel(node);
  }
  return labels;
}

Result<Graph> GraphBuilder::Finish(bool directed) const {
  DELSTEP_ASSIGN(const Meaning meaning, Interpret());
  std::vector<Graph::Edge> edges;
  for (const Arc& arc : arcs_) {
    edges.push_back({meaning.nodes[arc.from], meaning.nodes[arc.to], arc.weight});
    if (edges.back().a == edges.back().b) {
      return At(arc.offset,
                fmt::format("an edge from {} to {} joins a node to itself",
                            Excerpt(labels_[arc.from].text), Excerpt(labels_[arc.to].text)));
    }
  }
  if (directed) DELSTEP_TRY(CheckReverses(edges));
  Graph graph = Assemble(static_cast<std::uint32_t>(nodes_.count), std::move(edges));
  if (meaning.rule != Rule::kNumbers) graph.labels = Labels(meaning);
  return graph;
}

}  // namespace delstep
