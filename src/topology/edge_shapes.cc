#include "topology/edge_shapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/cells.h"
#include "base/shortened.h"
#include "base/text.h"
#include "topology/edge_lines.h"
#include "topology/graph_formats.h"

namespace delstep {
namespace {

constexpr std::string_view kOneEdge = "write one edge a line: a b";

std::string NeighboursHint(const GraphBuilder& builder) {
  return "if each line is a node and its neighbours: " + AdjacencyHint(builder.file());
}

/// The rows of a matrix, whatever stands between its fields.
std::string MatrixHint(const GraphBuilder& builder, bool with_names) {
  const std::string file = PythonName(builder.file());
  const std::string made = NewGraphName(builder.file(), ".gml");
  if (!with_names)
    return fmt::format(
        "if it is an adjacency matrix: python3 -c \"import re, numpy, networkx as nx; "
        "nx.write_gml(nx.from_numpy_array(numpy.loadtxt(re.sub('[,;|]', ' ', line) "
        "for line in open({}))), '{}')\"",
        file, made);
  return fmt::format(
      "python3 -c \"import re, networkx as nx; rows = [re.sub('[,;|]', ' ', line).split() for line "
      "in open({}) if line.strip()]; names = [row[0] for row in rows[1:]]; g = nx.Graph(); "
      "g.add_nodes_from(names); g.add_edges_from((row[0], names[i]) for row in rows[1:] "
      "for i, value in enumerate(row[1:]) if float(value)); nx.write_gml(g, '{}')\"",
      file, made);
}

/// What the lines are like, in one pass.
class Shape {
 public:
  void See(const EdgeLine& line) {
    const std::size_t width = line.fields.size();
    if (lines_ == 0) {
      first_ = line;
      narrowest_ = width;
    }
    narrowest_ = std::min(narrowest_, width);
    if (width > widest_) widest_ = width;
    if (width > 3 && !wide_) {
      wide_ = line.offset;
      wide_width_ = width;
    }
    if (line.dictionary.empty() && width == 1 && lines_ > 0) ++single_;
    if (width == 1 && !line.dictionary.empty() && !multiline_) multiline_ = line.offset;
    zero_diagonal_ &= lines_ < width && ParseReal(line.fields[lines_]) == 0.0;
    reals_ &=
        std::ranges::all_of(line.fields, [](const auto& f) { return ParseReal(f).has_value(); });
    if (lines_ > 0) {
      const auto real = [](const auto& f) { return ParseReal(f).has_value(); };
      rows_ &= width > 2 && (rows_width_ == 0 || rows_width_ == width) &&
               std::all_of(line.fields.begin() + 1, line.fields.end(), real);
      rows_width_ = width;
    }
    numbers_ &=
        std::ranges::all_of(line.fields, [](const auto& f) { return ParseIndex(f).has_value(); });
    if (lines_ > 0) {
      fields_below_ += width;
      pairs_below_ &= width == 2;
      const std::size_t ends = std::min<std::size_t>(width, 2);
      for (std::size_t i = 0; i < ends; ++i)
        if (const auto number = ParseIndex(line.fields[i])) {
          most_ = std::max(most_, *number);
          has_zero_ |= *number == 0;
          below_.insert(*number);
        }
    }
    CountText(line);
    if (lines_ < 3 && width == 3)
      square_.insert(square_.end(), line.fields.begin(), line.fields.end());
    ++lines_;
  }

  Result<void> Check(const GraphBuilder& builder, const NodesOptions& nodes) const {
    if (lines_ == 0) return {};
    if (multiline_)
      return builder.At(*multiline_, "this looks like networkx' multi-line adjacency list",
                        ConversionHint(builder.file(), "read_multiline_adjlist"));
    DELSTEP_TRY(CheckWidths(builder));
    DELSTEP_TRY(CheckText(builder));
    return CheckCounts(builder, nodes);
  }

 private:
  /// Lines of words among lines of numbers.
  void CountText(const EdgeLine& line) {
    const auto ends = std::min<std::size_t>(line.fields.size(), 2);
    const auto begin = line.fields.begin();
    const auto number = [](const std::string& f) { return ParseReal(f) || ParseAddress(f); };
    const auto count = std::count_if(begin, begin + static_cast<std::ptrdiff_t>(ends), number);
    if (count == 0) {
      if (texts_++ == 0) text_ = line;
    } else if (static_cast<std::size_t>(count) == ends) {
      ++number_lines_;
    } else {
      ++mixed_;
    }
  }

  /// The numbers of nodes and edges, then the neighbours of each node: each edge stands twice.
  bool IsMetis() const {
    if (!numbers_ || pairs_below_ || first_.fields.size() != 2 || lines_ < 2) return false;
    const std::uint64_t nodes = *ParseIndex(first_.fields[0]),
                        edges = *ParseIndex(first_.fields[1]);
    return nodes + 1 >= lines_ && edges * 2 == fields_below_;
  }

  /// A line of names, then each name and its row.
  bool IsNamedMatrix() const {
    if (!rows_ || lines_ < 4 || rows_width_ != lines_) return false;
    const std::size_t names = first_.fields.size();
    return (names == lines_ - 1 || names == lines_) && !ParseReal(first_.fields.back());
  }

  Result<void> CheckWidths(const GraphBuilder& builder) const {
    if (IsMetis())
      return builder.At(first_.offset,
                        "this looks like METIS: nodes, edges, and a line for each node",
                        "write one edge a line, a b, or GraphML, GML or node-link JSON");
    if (IsNamedMatrix())
      return builder.At(first_.offset, "this looks like a matrix with names, not like edges",
                        MatrixHint(builder, true));
    const bool square = lines_ >= 3 && narrowest_ == lines_ && widest_ == lines_;
    const bool matrix3 = square && lines_ == 3 && reals_ && (zero_diagonal_ || Symmetric());
    if (square && (lines_ > 3 || matrix3))
      return builder.At(
          first_.offset,
          fmt::format(
              "{0} fields in a line, in {0} lines: this looks like a matrix, not like edges",
              lines_),
          MatrixHint(builder, false));
    if (!wide_) return {};
    const std::string fields = fmt::format("{} fields in a line", wide_width_);
    if (narrowest_ != widest_)
      return builder.At(*wide_, fields + ": this looks like an adjacency list, not like edges",
                        NeighboursHint(builder));
    return builder.At(
        *wide_, fields + "; allowed are a b or a b weight",
        fmt::format("keep the ends alone: awk '{{gsub(/[,;|]/, \" \"); print $1, $2}}' {} > {}; or "
                    "put a line with the names of the columns first, as "
                    "source,target,latency",
                    ShellName(builder.file()), NewGraphName(builder.file(), ".edges")));
  }

  bool Symmetric() const {
    return square_.size() == 9 && square_[1] == square_[3] && square_[2] == square_[6] &&
           square_[5] == square_[7];
  }

  Result<void> CheckText(const GraphBuilder& builder) const {
    if (texts_ != 1 || mixed_ > 0 || number_lines_ == 0) return {};
    const bool is_first = text_.offset == first_.offset;
    std::vector<std::string> words;
    for (const std::string& field : text_.fields) words.push_back(Excerpt(field));
    if (words.size() > 3) words.resize(3);
    return builder.At(text_.offset,
                      fmt::format("a line of words ({}) where all others have numbers{}",
                                  Join(words, ", "), is_first ? ": is it a header?" : ""),
                      is_first ? "put # in front of the line, or call the columns source and target"
                               : "put # in front of the line if it is no edge");
  }

  /// A first line that says how many nodes, or nodes and edges, follow.
  Result<void> CheckCounts(const GraphBuilder& builder, const NodesOptions& nodes) const {
    if (!numbers_ || lines_ < 2 || below_.empty() || single_ > 0) return {};
    if (first_.fields.empty()) return {};  // an open quote: told when the line is read
    const std::uint64_t first = *ParseIndex(first_.fields.front());
    // Nodes from 0 to one less, or from 1 on: then it is a node anyway, and no harm is done.
    const bool counts_nodes =
        has_zero_ ? first == most_ + 1 : first == most_ && below_.contains(first);
    const std::string hint = "put # in front of the line if it counts; else write it further down";
    if (first_.fields.size() == 1 && has_zero_ && counts_nodes &&
        !(nodes.count_given && nodes.count == first + 1))
      return builder.At(first_.offset,
                        fmt::format("'{}' in the first line looks like the number of nodes", first),
                        hint);
    if (first_.fields.size() < 2) return {};
    const std::uint64_t second = *ParseIndex(first_.fields[1]);
    const bool counts_edges = second == lines_ - 1;
    const bool three = first_.fields.size() == 3 && second == first &&
                       *ParseIndex(first_.fields[2]) == lines_ - 1;  // rows, columns, entries
    if (counts_nodes && (three || (first_.fields.size() == 2 && counts_edges)))
      return builder.At(
          first_.offset,
          fmt::format("'{}' looks like the numbers of nodes and edges, not like an edge",
                      Trim(first_.text)),
          first == second ? hint + "; METIS, where lines are neighbours of nodes, is not read"
                          : hint);
    return {};
  }

  std::size_t lines_ = 0, narrowest_ = 0, widest_ = 0, single_ = 0, fields_below_ = 0;
  std::size_t wide_width_ = 0;
  std::size_t texts_ = 0, mixed_ = 0, number_lines_ = 0;
  EdgeLine first_, text_;
  std::optional<std::size_t> wide_, multiline_;
  std::size_t rows_width_ = 0;
  bool rows_ = true, reals_ = true;
  bool zero_diagonal_ = true, numbers_ = true, pairs_below_ = true, has_zero_ = false;
  std::uint64_t most_ = 0;
  std::unordered_set<std::uint64_t> below_;
  std::vector<std::string> square_;
};

/// graph6: a sign for the number of nodes, and six bits of the upper triangle in each further one.
bool IsGraph6(std::string_view word) {
  if (word.empty() || word.front() < 63 || word.front() > 125) return false;
  const auto nodes = static_cast<std::size_t>(word.front() - 63);
  return word.size() == 1 + (nodes * (nodes - 1) / 2 + 5) / 6 && nodes > 0 &&
         std::ranges::all_of(word, [](char c) { return c >= 63 && c <= 126; });
}

Result<void> CheckWithoutEdges(const GraphBuilder& builder) {
  bool numbers = true, graph6 = true, joined = true;
  std::size_t place = 0;
  builder.EachLabel([&](std::string_view label, std::size_t offset) {
    if (numbers && graph6 && joined) place = offset;
    numbers &= ParseIndex(label).has_value();
    graph6 &= IsGraph6(label);
    joined &= label.find_first_of("-=>:/\\~") != label.npos;
  });
  if (numbers) return {};
  if (graph6)
    return builder.At(place, "this looks like graph6",
                      ConversionHint(builder.file(), "read_graph6"));
  if (joined)
    return builder.At(place, "no line has two fields",
                      fmt::format("{}, with a blank, a tab or a comma between", kOneEdge));
  return {};
}

/// The first label that can be none, and what to do.
Result<void> CheckWords(const GraphBuilder& builder) {
  std::optional<Error> wrong;
  bool reals = true;
  std::optional<std::size_t> odd;
  std::string odd_label;
  builder.EachLabel([&](std::string_view label, std::size_t offset) {
    if (!wrong && IsPunctuation(label))
      wrong = builder.At(offset, fmt::format("{} is no node", Excerpt(label)),
                         fmt::format("{}, with a blank between", kOneEdge));
    if (!wrong && label.ends_with(':'))
      wrong = builder.At(offset,
                         fmt::format("{} ends with a colon: this looks like an adjacency list, not "
                                     "like edges",
                                     Excerpt(label)),
                         NeighboursHint(builder));
    reals &= ParseReal(label).has_value();
    if (!odd && !ParseIndex(label)) {
      odd = offset;
      odd_label = label;
    }
  });
  if (wrong) return *std::move(wrong);
  if (reals && odd)
    return builder.At(*odd,
                      fmt::format("the node {} is no whole number without sign, point and leading "
                                  "zero",
                                  Excerpt(odd_label)),
                      // A point is what NumPy writes of whole numbers; a sign or a zero somebody
                      // has put there.
                      odd_label.find_first_of(".eE") != odd_label.npos
                          ? "with NumPy: numpy.savetxt(..., fmt='%d')"
                          : "number the nodes 0, 1, 2, ..., or give them names that begin with a "
                            "letter, such as n1");
  return {};
}

/// Between semicolons, tabs or bars a comma is that of a number, which it would part into two nodes.
Result<void> CheckDecimalCommas(const EdgeLine& line, const GraphBuilder& builder) {
  if (line.text.find(',') == line.text.npos) return {};
  for (const char separator : {';', '\t', '|'}) {
    if (line.text.find(separator) == line.text.npos) continue;
    for (const std::string& cell :
         CellsOfLine(line.text, separator).value_or(std::vector<std::string>()))
      if (std::string hint = PointHint(cell); !hint.empty())
        return builder.At(
            line.offset,
            fmt::format("{} is no node and no weight: its comma is a decimal one", Excerpt(cell)),
            std::move(hint));
  }
  return {};
}

/// `(0, 1) (1, 1) {}` or `('a', 'b')`: what Python prints of tuples.
Result<void> CheckTuples(const EdgeLine& line, const GraphBuilder& builder) {
  const std::string_view text = Trim(line.text);
  const auto close = text.find(')');
  if (!text.starts_with('(') || close == text.npos || text.substr(0, close).find(',') == text.npos)
    return {};
  if (close + 1 == text.size() || text[close + 1] == ',')
    return builder.At(line.offset, fmt::format("{} is a tuple, as Python prints it", Excerpt(text)),
                      "write edges with networkx' write_edgelist(graph, 'graph.edges'), or as a b");
  return builder.At(
      line.offset, fmt::format("tuples as labels: {}", Excerpt(text)),
      "networkx' convert_node_labels_to_integers(graph) gives each node a number; write that");
}

}  // namespace

Result<void> CheckShape(std::string_view text, const GraphBuilder& builder,
                        const NodesOptions& nodes) {
  Shape shape;
  DELSTEP_TRY(EachEdgeLine(text, [&](const EdgeLine& line) -> Result<void> {
    DELSTEP_TRY(CheckTuples(line, builder));
    DELSTEP_TRY(CheckDecimalCommas(line, builder));
    shape.See(line);
    return {};
  }));
  return shape.Check(builder, nodes);
}

Result<void> CheckLabels(std::string_view text, const GraphBuilder& builder) {
  // Whether third fields are neighbours rather than weights: all of them are nodes, none is one of
  // the two before it, and either other lines have none or each node begins one line.
  std::size_t with = 0, without = 0;
  bool nodes = true, once = true;
  std::size_t place = 0;
  std::unordered_set<std::string> begun;
  DELSTEP_TRY(EachEdgeLine(text, [&](const EdgeLine& line) -> Result<void> {
    if (!line.dictionary.empty()) nodes = false;
    if (!nodes || line.fields.empty()) return {};
    once &= begun.insert(line.fields[0]).second;
    if (line.fields.size() != 3) {
      ++without;
      return {};
    }
    if (with++ == 0) place = line.offset;
    const std::string& third = line.fields[2];
    nodes &= builder.HasLabel(third) && third != line.fields[0] && third != line.fields[1];
    return {};
  }));
  if (nodes && with > 0 && (without > 0 || (once && begun.size() == builder.labels())))
    return builder.At(place,
                      "the third fields are nodes: this looks like an adjacency list, not like "
                      "weights of edges",
                      NeighboursHint(builder) + "; write weights with a point: 5.0");
  if (builder.AllKnown()) return {};
  DELSTEP_TRY(CheckWords(builder));
  if (!builder.has_edges()) return CheckWithoutEdges(builder);
  return {};
}

}  // namespace delstep
