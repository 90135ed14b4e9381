#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/cells.h"
#include "base/shortened.h"
#include "base/text.h"
#include "base/utf8.h"
#include "topology/edge_lines.h"
#include "topology/edge_shapes.h"
#include "topology/edge_table.h"
#include "topology/graph_builder.h"
#include "topology/graph_files.h"
#include "topology/graph_formats.h"
#include "topology/link_fields.h"

namespace delstep {
namespace {

/// The lines of an edge list without a header.
class EdgeListReader {
 public:
  explicit EdgeListReader(GraphBuilder& builder) : builder_(builder) {}

  Result<void> ReadLine(const EdgeLine& line) {
    const auto& fields = line.fields;
    if (fields.empty()) return builder_.At(line.offset, "a quote that is not closed");
    if (fields.size() == 3 && IsPunctuation(fields[1]))
      return builder_.At(line.offset, fmt::format("{} is no node", Excerpt(fields[1])),
                         "write one edge a line: a b, with a blank between");
    GraphBuilder::EdgeValues values;
    if (!line.dictionary.empty()) {
      if (fields.size() != 2) return NoDictionary(line);
      DELSTEP_TRY(TakeDictionary(line, values));
    } else if (fields.size() == 1) {
      return builder_.AddNode(fields[0], line.offset);
    } else if (fields.size() == 3) {
      DELSTEP_TRY(TakeWeight(line, fields[2], values));
    }
    return builder_.AddEdge(fields[0], fields[1], values, line.offset);
  }

 private:
  Error NoDictionary(const EdgeLine& line) const {
    return builder_.At(
        line.offset,
        fmt::format("{} is not of the form a b {{}} or a b {{'weight': 2.5}}", Excerpt(line.text)),
        "save the graph with networkx' write_weighted_edgelist");
  }

  Result<void> TakeWeight(const EdgeLine& line, std::string_view text,
                          GraphBuilder::EdgeValues& values) const {
    const auto weight = ParseReal(text);
    if (!weight && line.fields.front().ends_with(':'))
      return builder_.At(
          line.offset,
          fmt::format("{} ends with a colon: this looks like an adjacency list, not "
                      "like edges",
                      Excerpt(line.fields.front())),
          "if each line is a node and its neighbours: " + AdjacencyHint(builder_.file()));
    if (!weight)
      return builder_.At(
          line.offset,
          fmt::format("the weight {} is not a finite number, such as 0.5", Excerpt(text)),
          "a line is an edge: a b, or a b weight; more is a matter of a header such as "
          "source,target,latency");
    values.weight = *weight;
    return {};
  }

  /// What networkx keeps of an edge besides is passed over.
  Result<void> TakeDictionary(const EdgeLine& line, GraphBuilder::EdgeValues& values) const {
    const auto entries = ReadDictionary(line.dictionary);
    if (!entries) return NoDictionary(line);
    for (const auto& [name, value] : *entries) {
      if (name == "weight") DELSTEP_TRY(TakeWeight(line, value, values));
      if (IsLinkField(name) && value != "None")
        DELSTEP_TRY(builder_.SetField(name, value, line.offset, values.link));
    }
    return {};
  }

  GraphBuilder& builder_;
};

/// `1 First` for nodes, a line with `#` alone, then edges: the trivial graph format. Without
/// names its lines are an edge list.
Result<void> CheckTrivialGraph(std::string_view text, const GraphBuilder& builder) {
  std::size_t start = 0;
  std::optional<std::size_t> named;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = Trim(text.substr(start, end - start));
    if (line == "#") {
      if (named)
        return builder.At(*named,
                          "this looks like the trivial graph format (TGF): names of nodes, "
                          "then # and edges",
                          "keep the lines below the # alone, and write one edge a line: a b");
      return {};
    }
    const auto fields = line.starts_with('#') ? std::nullopt : FieldsOfLine(line);
    if (fields && fields->size() >= 2 && ParseIndex((*fields)[0]) && !ParseReal((*fields)[1]) &&
        !named)
      named = start;
    start = end + 1;
  }
  return {};
}

}  // namespace

Result<Graph> ReadEdgeList(std::string_view text, std::string_view file,
                           const NodesOptions& nodes) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  GraphBuilder builder(file, text, nodes);
  if (const std::size_t clean = CleanLength(text); clean < text.size()) {
    return builder.At(clean,
                      fmt::format("not a text file: byte 0x{:02x} at offset {}",
                                  static_cast<unsigned char>(text[clean]), clean),
                      "an edge list is UTF-8 text; node-link JSON must be called .json");
  }
  if (const auto columns = FindHeader(text)) return ReadEdgeTable(text, *columns, builder);
  DELSTEP_TRY(CheckTrivialGraph(text, builder));
  DELSTEP_TRY(CheckShape(text, builder, nodes));
  DELSTEP_TRY(CheckFirstLine(text, builder));
  EdgeListReader reader(builder);
  DELSTEP_TRY(EachEdgeLine(text, [&](const EdgeLine& line) { return reader.ReadLine(line); }));
  if (builder.empty())
    return BadFile("the file names no node", "write one edge a line: a b").At(std::string(file));
  DELSTEP_TRY(CheckLabels(text, builder));
  return builder.Finish(/*directed=*/false);
}

}  // namespace delstep
