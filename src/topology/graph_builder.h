#pragma once
/// What the readers of graph files share: from labels and edges in a text to a Graph or an Error.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "delstep/graph.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// The length of the longest beginning of `text` that is UTF-8 without control characters other
/// than blanks.
std::size_t CleanLength(std::string_view text);

/// A whole number from 0 without sign and leading zeros: what a node may go by.
std::optional<std::uint64_t> ParseIndex(std::string_view label);

/// Collects a graph whose nodes go by labels. Rules and errors: graph_files.h. Offsets are
/// positions in the text, for messages. The file's name and its text outlive the builder.
class GraphBuilder {
 public:
  GraphBuilder(std::string_view file, std::string_view text, const NodesOptions& nodes)
      : file_(file), text_(text), nodes_(nodes) {}

  /// What a file says of an edge besides its ends.
  struct EdgeValues {
    double weight = 1;
    Graph::Link link{};  ///< its ends do not count
  };

  /// A node may come several times.
  Result<void> AddNode(std::string_view label, std::size_t offset);
  /// A node must come once: an error if there was one of this label.
  Result<void> DeclareNode(std::string_view label, std::size_t offset);
  Result<void> AddEdge(std::string_view from, std::string_view to, const EdgeValues& values,
                       std::size_t offset);
  /// The value of a field of an edge, by the name that SetLinkField() knows. Errors: at `offset`.
  Result<void> SetField(std::string_view name, std::string_view value, std::size_t offset,
                        Graph::Link& link) const;
  /// An error if an edge names a node that was not declared; `hint` stands under it.
  Result<void> RequireDeclared(std::string hint) const;
  /// A sentence for the user; the file's name is put before it.
  void AddNote(std::string text) { notes_.push_back(std::move(text)); }
  /// With `directed`, each edge must have been added in both directions.
  Result<Graph> Finish(bool directed);

  /// An error of kind kFile at this place.
  Error At(std::size_t offset, std::string message, std::string hint = {}) const;
  std::string_view file() const { return file_; }
  bool empty() const { return labels_.empty(); }
  bool has_edges() const { return !arcs_.empty(); }
  std::size_t labels() const { return labels_.size(); }
  std::size_t declared() const { return declared_count_; }
  bool HasLabel(std::string_view label) const { return numbers_.contains(std::string(label)); }
  /// Whether every label is the address or the name of a node.
  bool AllKnown() const;
  /// The labels in order of their first appearance.
  template <class Visit>
  void EachLabel(Visit visit) const {
    for (const Label& label : labels_) visit(std::string_view(label.text), label.offset);
  }

 private:
  struct Label {
    std::string text;
    std::size_t offset;  // of its first appearance
    bool declared = false;
  };
  struct Arc {
    std::uint32_t from, to;  // in labels_
    std::uint32_t link;      // 0: none, else its place in links_ and 1
    double weight;
    std::size_t offset;
  };

  // 1, 2, 2 with gaps and 3 of graph_files.h.
  enum class Rule { kNames, kNumbers, kGaps, kOrder };
  struct Meaning {
    Rule rule;
    std::vector<std::uint32_t> nodes;  // one per label
  };

  std::size_t LineOf(std::size_t offset) const;
  Result<std::uint32_t> Number(std::string_view label, std::size_t offset);
  Result<Meaning> Interpret();
  std::size_t MostNodes() const;
  std::vector<std::optional<std::uint32_t>> FindByName(std::size_t count) const;
  Result<Meaning> NodesOfNumbers(const std::vector<std::uint64_t>& numbers);
  Meaning InAscendingOrder(const std::vector<std::uint64_t>& numbers);
  bool MixNamesAndAddresses(const std::vector<std::optional<std::uint32_t>>& by_name) const;
  Result<Meaning> NodesInOrder(const std::vector<std::optional<std::uint32_t>>& by_name);
  std::vector<Graph::Edge> Edges(const Meaning& meaning);
  std::vector<Graph::Link> Links(const Meaning& meaning);
  Result<void> CheckReverses(const Meaning& meaning) const;
  std::vector<std::string> Labels(const Meaning& meaning) const;
  std::string AddressOf(std::size_t node) const;
  std::string FreeLabel(std::size_t node) const;

  std::string_view file_, text_;
  NodesOptions nodes_;         // the count is found in Finish() where nobody gave it
  std::vector<Label> labels_;  // in order of first appearance
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<Arc> arcs_;
  std::vector<Graph::Link> links_;
  std::vector<std::string> notes_;
  std::size_t declared_count_ = 0;
};

}  // namespace delstep
