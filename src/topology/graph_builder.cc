#include "topology/graph_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "base/cells.h"
#include "base/selector_word.h"
#include "base/shortened.h"
#include "base/text.h"
#include "base/utf8.h"
#include "delstep/types.h"
#include "topology/assemble.h"
#include "topology/link_fields.h"

namespace delstep {
namespace {

constexpr std::size_t kLongestLabel = 255;

bool IsAsciiControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

std::optional<std::uint64_t> ParseIndex(std::string_view label) {
  if (label.size() > 1 && label.front() == '0') return std::nullopt;
  return ParseUnsigned(label);
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

std::size_t GraphBuilder::LineOf(std::size_t offset) const {
  return 1 + static_cast<std::size_t>(std::ranges::count(text_.substr(0, offset), '\n'));
}

Error GraphBuilder::At(std::size_t offset, std::string message, std::string hint) const {
  return BadFile(std::move(message), std::move(hint))
      .At(fmt::format("{}:{}", file_, LineOf(offset)));
}

Result<std::uint32_t> GraphBuilder::Number(std::string_view label, std::size_t offset) {
  if (label.empty()) return At(offset, "a node's label is empty");
  if (label.size() > kLongestLabel) {
    return At(offset, fmt::format("the label {} has {} bytes; at most {} are allowed",
                                  Excerpt(label), label.size(), kLongestLabel));
  }
  if (std::ranges::any_of(label, IsAsciiControl))
    return At(offset, fmt::format("the label {} holds control characters", Excerpt(label)));
  // A file that is UTF-8 can write what is none: "&#xfffffff;".
  if (!IsUtf8(label)) return At(offset, fmt::format("the label {} is not UTF-8", Excerpt(label)));
  if (auto many = MeansManyNodes(label)) return At(offset, *std::move(many));
  const auto [entry, is_new] =
      numbers_.try_emplace(std::string(label), static_cast<std::uint32_t>(labels_.size()));
  if (is_new) labels_.push_back({.text = entry->first, .offset = offset});
  return entry->second;
}

Result<void> GraphBuilder::AddNode(std::string_view label, std::size_t offset) {
  DELSTEP_TRY(Number(label, offset));
  return {};
}

Result<void> GraphBuilder::DeclareNode(std::string_view label, std::size_t offset) {
  DELSTEP_ASSIGN(const std::uint32_t number, Number(label, offset));
  if (labels_[number].declared)
    return At(offset, fmt::format("a second node {}", Excerpt(label)),
              "give each node an id of its own");
  labels_[number].declared = true;
  ++declared_count_;
  return {};
}

Result<void> GraphBuilder::AddEdge(std::string_view from, std::string_view to,
                                   const EdgeValues& values, std::size_t offset) {
  DELSTEP_ASSIGN(const std::uint32_t a, Number(from, offset));
  DELSTEP_ASSIGN(const std::uint32_t b, Number(to, offset));
  std::uint32_t link = 0;
  if (!values.link.empty()) {
    links_.push_back(values.link);
    link = static_cast<std::uint32_t>(links_.size());
  }
  arcs_.push_back({.from = a, .to = b, .link = link, .weight = values.weight, .offset = offset});
  return {};
}

Result<void> GraphBuilder::SetField(std::string_view name, std::string_view value,
                                    std::size_t offset, Graph::Link& link) const {
  if (auto set = SetLinkField(name, Trim(value), link); !set) {
    Error error = std::move(set).error();
    std::string point = PointHint(value);
    return At(offset, fmt::format("{}: {}", name, error.message),
              point.empty() ? std::move(error.hint) : std::move(point));
  }
  return {};
}

Result<void> GraphBuilder::RequireDeclared(std::string hint) const {
  for (const Label& label : labels_)
    if (!label.declared)
      return At(label.offset,
                fmt::format("an edge names {}, which is the id of no node", Excerpt(label.text)),
                std::move(hint));
  return {};
}

std::string GraphBuilder::AddressOf(std::size_t node) const {
  return ToString(node < nodes_.addresses.size() ? nodes_.addresses[node] : DefaultAddress(node));
}

/// Labels of which `by_name` knows some, and which may be taken in their order all the same: names
/// that this scenario does not give, and addresses of nodes that stand in their own place. So
/// `save topology` writes nodes of which some have a name.
bool GraphBuilder::MixNamesAndAddresses(
    const std::vector<std::optional<std::uint32_t>>& by_name) const {
  if (!nodes_.names.empty()) return false;
  for (std::size_t i = 0; i < by_name.size(); ++i) {
    const char first = labels_[i].text.front();
    const bool fits = by_name[i] ? *by_name[i] == i : first < '0' || first > '9';
    if (!fits) return false;
  }
  return true;
}

/// The first of the labels, by their numbers, is node 0, and so on.
GraphBuilder::Meaning GraphBuilder::InAscendingOrder(const std::vector<std::uint64_t>& numbers) {
  Meaning meaning{Rule::kGaps, std::vector<std::uint32_t>(numbers.size())};
  std::vector<std::uint32_t> order(numbers.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::uint32_t label) { return numbers[label]; });
  for (std::uint32_t place = 0; place < order.size(); ++place) meaning.nodes[order[place]] = place;
  AddNote(
      fmt::format("its nodes are taken in ascending order, as there are gaps: {} is {}, {} is {}",
                  labels_[order.front()].text, AddressOf(0), labels_[order.back()].text,
                  AddressOf(order.size() - 1)));
  return meaning;
}

Result<GraphBuilder::Meaning> GraphBuilder::NodesOfNumbers(
    const std::vector<std::uint64_t>& numbers) {
  const std::uint64_t first = std::ranges::count(numbers, 0u) > 0 ? 0 : 1;
  if (!nodes_.count_given) nodes_.count = numbers.size();
  Meaning meaning{Rule::kNumbers, {}};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] - first >= nodes_.count) {
      // Exactly so many nodes with other numbers: what is left of a larger graph.
      if (numbers.size() == nodes_.count) return InAscendingOrder(numbers);
      return At(labels_[i].offset,
                fmt::format("node '{}' is beyond nodes.count = {}: numbers from {} to {} are "
                            "allowed",
                            numbers[i], nodes_.count, first, nodes_.count - 1 + first),
                fmt::format("the file names {}: set nodes.count = {}, or leave it out",
                            Count(numbers.size(), "node"), numbers.size()));
    }
    meaning.nodes.push_back(static_cast<std::uint32_t>(numbers[i] - first));
  }
  return meaning;
}

std::vector<std::optional<std::uint32_t>> GraphBuilder::FindByName(std::size_t count) const {
  std::unordered_map<std::string, std::uint32_t> known;
  for (std::uint32_t node = 0; node < count; ++node) {
    known.try_emplace(AddressOf(node), node);
    if (node < nodes_.names.size()) known.try_emplace(nodes_.names[node], node);
  }
  std::vector<std::optional<std::uint32_t>> found(labels_.size());
  for (std::size_t i = 0; i < labels_.size(); ++i)
    if (const auto entry = known.find(labels_[i].text); entry != known.end())
      found[i] = entry->second;
  return found;
}

/// How many nodes there may be that the labels are addresses or names of.
std::size_t GraphBuilder::MostNodes() const {
  if (nodes_.count_given) return nodes_.count;
  return std::max({labels_.size(), nodes_.names.size(), nodes_.addresses.size()});
}

bool GraphBuilder::AllKnown() const {
  const auto found = FindByName(MostNodes());
  return std::ranges::all_of(found, [](const auto& node) { return node.has_value(); });
}

Result<GraphBuilder::Meaning> GraphBuilder::NodesInOrder(
    const std::vector<std::optional<std::uint32_t>>& by_name) {
  if (!nodes_.count_given) nodes_.count = labels_.size();
  const auto is_known = [](const auto& node) { return node.has_value(); };
  const auto known = std::ranges::find_if(by_name, is_known);
  if (known != by_name.end() && !MixNamesAndAddresses(by_name)) {
    const auto unknown = std::ranges::find_if_not(by_name, is_known);
    const Label& friendly = labels_[static_cast<std::size_t>(known - by_name.begin())];
    const Label& stranger = labels_[static_cast<std::size_t>(unknown - by_name.begin())];
    std::string slip = DidYouMean(stranger.text, nodes_.names);
    return At(stranger.offset,
              fmt::format("the label {} is neither address nor name of one of the nodes "
                          "(nodes.count = {}), though {} is",
                          Excerpt(stranger.text), nodes_.count, Excerpt(friendly.text)),
              slip.empty() ? "mend the label, or name the node in nodes.names or nodes.addresses"
                           : std::move(slip));
  }
  if (labels_.size() > nodes_.count) {
    const Label& extra = labels_[nodes_.count];
    return At(extra.offset,
              fmt::format("the label {} is that of a node number {}, but nodes.count = {}",
                          Excerpt(extra.text), nodes_.count + 1, nodes_.count),
              fmt::format("set nodes.count = {}, or leave it out", labels_.size()));
  }
  // Tables and commands call nodes by address and name, not by these labels.
  AddNote(
      fmt::format("its nodes are taken in order of appearance: {} is {}{}; nodes.names gives names",
                  Excerpt(labels_.front().text), AddressOf(0),
                  labels_.size() < 2 ? ""
                                     : fmt::format(", {} is {}", Excerpt(labels_.back().text),
                                                   AddressOf(labels_.size() - 1))));
  Meaning meaning{Rule::kOrder, std::vector<std::uint32_t>(labels_.size())};
  std::iota(meaning.nodes.begin(), meaning.nodes.end(), 0u);
  return meaning;
}

Result<GraphBuilder::Meaning> GraphBuilder::Interpret() {
  const std::size_t most = MostNodes();
  const auto by_name = FindByName(most);
  Meaning meaning{Rule::kNames, {}};
  for (const auto& node : by_name)
    if (node) meaning.nodes.push_back(*node);
  if (meaning.nodes.size() == labels_.size()) {
    nodes_.count = most;
    return meaning;
  }
  // All numbers, or all addresses of a network that nodes have left.
  std::vector<std::uint64_t> numbers, addresses;
  for (const Label& label : labels_) {
    if (const auto number = ParseIndex(label.text)) numbers.push_back(*number);
    if (const auto address = ParseAddress(label.text)) addresses.push_back(address->value);
  }
  if (numbers.size() == labels_.size()) return NodesOfNumbers(numbers);
  const bool all_wanted = !nodes_.count_given || nodes_.count == labels_.size();
  if (addresses.size() == labels_.size() && all_wanted && nodes_.addresses.empty()) {
    nodes_.count = labels_.size();
    return InAscendingOrder(addresses);
  }
  return NodesInOrder(by_name);
}

/// Without those from a node to itself, which a topology has no use for.
std::vector<Graph::Edge> GraphBuilder::Edges(const Meaning& meaning) {
  std::vector<Graph::Edge> edges;
  std::size_t loops = 0;
  const Arc* first = nullptr;
  bool weighted = false;
  for (const Arc& arc : arcs_) {
    const std::uint32_t a = meaning.nodes[arc.from], b = meaning.nodes[arc.to];
    if (a != b) {
      edges.push_back({a, b, arc.weight});
      weighted |= arc.weight != 1;
      continue;
    }
    if (loops++ == 0) first = &arc;
  }
  if (first)
    AddNote(fmt::format("passed over {} from a node to itself, the first in line {}",
                        Count(loops, "edge"), LineOf(first->offset)));
  if (weighted) AddNote("the weights of its edges are kept for files, and not used");
  if (edges.empty() && nodes_.count > 1) AddNote("it has no edge: no node has a neighbour");
  return edges;
}

/// An edge that stands once has the same properties both ways; where it stands in both directions,
/// each has its own. Of equal ones the first counts.
std::vector<Graph::Link> GraphBuilder::Links(const Meaning& meaning) {
  if (links_.empty()) return {};
  using Ends = std::pair<std::uint32_t, std::uint32_t>;
  std::map<Ends, std::uint32_t> ways;
  std::size_t other = 0;
  const Arc* first = nullptr;
  const auto text = [&](std::uint32_t link) {
    return link == 0 ? LinkFields({}) : LinkFields(links_[link - 1]);
  };
  for (const Arc& arc : arcs_) {
    const auto [way, is_new] =
        ways.try_emplace(Ends(meaning.nodes[arc.from], meaning.nodes[arc.to]), arc.link);
    if (!is_new && text(way->second) != text(arc.link) && other++ == 0) first = &arc;
  }
  if (first)
    AddNote(
        fmt::format("passed over {} of nodes that have one with other properties, the first in "
                    "line {}",
                    Count(other, "edge"), LineOf(first->offset)));
  std::map<Ends, std::uint32_t> all = ways;
  for (const auto& [ends, link] : ways) all.try_emplace(Ends(ends.second, ends.first), link);
  std::vector<Graph::Link> links;
  for (const auto& [ends, link] : all) {
    if (link == 0 || ends.first == ends.second) continue;
    links.push_back(links_[link - 1]);
    links.back().from = ends.first;
    links.back().to = ends.second;
  }
  return links;
}

Result<void> GraphBuilder::CheckReverses(const Meaning& meaning) const {
  using Ends = std::pair<std::uint32_t, std::uint32_t>;
  std::vector<Ends> sorted;
  for (const Arc& arc : arcs_) sorted.emplace_back(meaning.nodes[arc.from], meaning.nodes[arc.to]);
  std::ranges::sort(sorted);
  for (const Arc& arc : arcs_) {
    if (std::ranges::binary_search(sorted, Ends(meaning.nodes[arc.to], meaning.nodes[arc.from])))
      continue;
    return At(arc.offset,
              fmt::format("the graph is directed and its arc from {} to {} has no arc back; a "
                          "topology is undirected",
                          Excerpt(labels_[arc.from].text), Excerpt(labels_[arc.to].text)),
              "save the graph as an undirected one: networkx' to_undirected() makes it so");
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

Result<Graph> GraphBuilder::Finish(bool directed) {
  DELSTEP_ASSIGN(const Meaning meaning, Interpret());
  if (directed) DELSTEP_TRY(CheckReverses(meaning));
  Graph graph = Assemble(static_cast<std::uint32_t>(nodes_.count), Edges(meaning));
  if (meaning.rule != Rule::kNumbers) graph.labels = Labels(meaning);
  graph.links = Links(meaning);
  for (const std::string& note : notes_) graph.notes.push_back(fmt::format("{}: {}", file_, note));
  return graph;
}

}  // namespace delstep
