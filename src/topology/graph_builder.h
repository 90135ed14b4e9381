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

/// A text for use in a message: quoted, cut if long, without bytes that could upset a terminal.
std::string Excerpt(std::string_view text);

/// The length of the longest beginning of `text` that is UTF-8 without control characters other
/// than blanks.
std::size_t CleanLength(std::string_view text);

/// Collects a graph whose nodes go by labels. Rules and errors: graph_files.h. Offsets are
/// positions in the text, for messages. The file's name, its text and the options outlive the
/// builder.
class GraphBuilder {
 public:
  GraphBuilder(std::string_view file, std::string_view text, const NodesOptions& nodes)
      : file_(file), text_(text), nodes_(nodes) {}

  Result<void> AddNode(std::string_view label, std::size_t offset);
  Result<void> AddEdge(std::string_view from, std::string_view to, double weight,
                       std::size_t offset);
  /// With `directed`, each edge must have been added in both directions.
  Result<Graph> Finish(bool directed) const;

  /// An error of kind kFile at this place.
  Error At(std::size_t offset, std::string message, std::string hint = {}) const;
  bool empty() const { return labels_.empty(); }

 private:
  struct Label {
    std::string text;
    std::size_t offset;  // of its first appearance
  };
  struct Arc {
    std::uint32_t from, to;  // in labels_
    double weight;
    std::size_t offset;
  };

  enum class Rule { kNames, kNumbers, kOrder };  // 1, 2 and 3 of graph_files.h
  struct Meaning {
    Rule rule;
    std::vector<std::uint32_t> nodes;  // one per label
  };

  Result<std::uint32_t> Number(std::string_view label, std::size_t offset);
  Result<Meaning> Interpret() const;
  std::vector<std::optional<std::uint32_t>> FindByName() const;
  Result<std::vector<std::uint32_t>> NodesOfNumbers(
      const std::vector<std::uint64_t>& numbers) const;
  Result<std::vector<std::uint32_t>> NodesInOrder(
      const std::vector<std::optional<std::uint32_t>>& by_name) const;
  Result<void> CheckReverses(const std::vector<Graph::Edge>& arcs) const;
  std::vector<std::string> Labels(const Meaning& meaning) const;
  std::string AddressOf(std::size_t node) const;
  std::string FreeLabel(std::size_t node) const;

  std::string_view file_, text_;
  const NodesOptions& nodes_;
  std::vector<Label> labels_;  // in order of first appearance
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<Arc> arcs_;
};

}  // namespace delstep
