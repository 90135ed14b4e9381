#include "topology/edge_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/cells.h"
#include "base/shortened.h"
#include "base/text.h"
#include "topology/edge_lines.h"
#include "topology/link_fields.h"

namespace delstep {
namespace {

struct EndNames {
  std::string_view from, to;
  bool strong;  // hardly ever two nodes
};
/// In small letters, without blanks, `_`, `-` and points: "Source Node" and "source_node" are one.
constexpr std::array kEndNames = {
    EndNames{"source", "target", true},
    EndNames{"from", "to", true},
    EndNames{"src", "dst", true},
    EndNames{"src", "dest", true},
    EndNames{"source", "destination", true},
    EndNames{"origin", "destination", true},
    EndNames{"fromnodeid", "tonodeid", true},
    EndNames{"fromnode", "tonode", true},
    EndNames{"fromid", "toid", true},
    EndNames{"sourceid", "targetid", true},
    EndNames{"sourcenode", "targetnode", true},
    EndNames{"srcnode", "dstnode", true},
    EndNames{"startnode", "endnode", true},
    EndNames{"start", "end", true},
    EndNames{"sender", "receiver", true},
    EndNames{"head", "tail", true},
    EndNames{"tail", "head", true},
    EndNames{"parent", "child", true},
    EndNames{"ego", "alter", true},
    EndNames{"left", "right", true},
    EndNames{"peer", "neighbour", true},
    EndNames{"peer", "neighbor", true},
    EndNames{"node", "neighbour", true},
    EndNames{"node", "neighbor", true},
    EndNames{"a", "b", false},
    EndNames{"u", "v", false},
    EndNames{"i", "j", false},
    EndNames{"x", "y", false},
    EndNames{"v1", "v2", false},
};

/// A word for a node, for names such as `router1,router2` and `node_a,node_b`.
constexpr std::array<std::string_view, 14> kNodeWords = {
    "node", "id",   "router", "host",   "peer",  "device", "client",
    "site", "user", "vertex", "person", "agent", "switch", "end"};

std::string Plain(std::string_view name) {
  std::string plain = Lower(name);
  std::erase_if(plain, [](char c) { return c == ' ' || c == '_' || c == '-' || c == '.'; });
  return plain;
}

/// The places of `node1` and `node2`, `host_a` and `host_b`; the number of names if there are none.
std::pair<std::size_t, std::size_t> NumberedEnds(const std::vector<std::string>& names) {
  const auto place = [&](const std::string& name) {
    return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
  };
  constexpr std::array<std::pair<char, char>, 4> kNumbers = {
      std::pair('1', '2'), std::pair('0', '1'), std::pair('a', 'b'), std::pair('i', 'j')};
  for (const std::string_view word : kNodeWords)
    for (const auto& [one, two] : kNumbers) {
      const std::size_t from = place(std::string(word) + one), to = place(std::string(word) + two);
      if (from < names.size() && to < names.size()) return {from, to};
    }
  return {names.size(), names.size()};
}

/// What a column is probably meant to be, with how to write it; empty: nothing that is used.
std::string MeantColumn(std::string_view name) {
  const std::string plain = Plain(name);
  const auto begins = [&](std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words,
                               [&](std::string_view word) { return plain.starts_with(word); });
  };
  if (begins({"latency", "delay", "rtt", "ping", "lag"}))
    return "did you mean latency, with values such as 20ms?";
  if (begins({"bandwidth", "bw", "capacity", "speed", "throughput", "linkspeed"}))
    return "did you mean bandwidth, with values such as 10Mbps?";
  if (begins({"loss", "packetloss", "drop", "plr"}))
    return "did you mean loss, with values such as 0.1?";
  return {};
}

std::optional<EdgeLine> FirstLineOf(std::string_view text) {
  std::optional<EdgeLine> first;
  const auto stopped = EachEdgeLine(text, [&](const EdgeLine& line) -> Result<void> {
    first = line;
    return Refused("one is enough");
  });
  return stopped ? std::nullopt : first;
}

/// What the lines below the first one tell of the two names.
struct Below {
  std::size_t lines = 0;
  bool named = false;   // one of the names is a node there
  bool numbers = true;  // all ends are numbers or addresses
  bool longer = true;   // no end is a single letter, as one of the header may be
};

Below LookBelow(std::string_view text, std::size_t header, std::string_view from,
                std::string_view to) {
  Below below;
  const auto looked = EachEdgeLine(text, [&](const EdgeLine& line) -> Result<void> {
    if (line.offset == header) return {};
    ++below.lines;
    for (const std::string& field : line.fields) {
      const std::string lower = Lower(field);
      below.named |= lower == from || lower == to;
    }
    for (std::size_t i = 0; i < std::min<std::size_t>(line.fields.size(), 2); ++i) {
      const std::string& end = line.fields[i];
      below.numbers &= ParseIndex(end).has_value() || ParseAddress(end);
      below.longer &= end.size() > 2;
    }
    return {};
  });
  return looked ? below : Below{};
}

}  // namespace

namespace {

/// Which columns the ends are, and whether these names hardly ever are two nodes.
struct Ends {
  std::size_t from, to;
  bool strong;
};

std::optional<Ends> FindEnds(const std::vector<std::string>& cells) {
  std::vector<std::string> names;
  for (const std::string& cell : cells) names.push_back(Plain(cell));
  const auto place = [&](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
  };
  for (const EndNames& ends : kEndNames) {
    const Ends found{place(ends.from), place(ends.to), ends.strong};
    if (found.from < names.size() && found.to < names.size()) return found;
  }
  if (const auto [from, to] = NumberedEnds(names); from < names.size()) return Ends{from, to, true};
  // An edge has no third field of this name: the line is a header, whatever it calls the ends.
  if (std::ranges::none_of(names, [](const auto& name) { return IsLinkField(name); }))
    return std::nullopt;
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (MeantColumn(names[i]).empty() && names[i] != "weight" && names[i] != "type" &&
        !names[i].empty() && !ParseReal(names[i]))
      others.push_back(i);
  if (others.size() < 2) return std::nullopt;
  return Ends{others[0], others[1], true};
}

}  // namespace

std::optional<EdgeColumns> FindHeader(std::string_view text) {
  const std::optional<EdgeLine> line = FirstLineOf(text);
  if (!line || !line->dictionary.empty() || line->fields.size() < 2) return std::nullopt;
  EdgeColumns columns;
  columns.separator = SeparatorOf(line->text);
  columns.line_offset = line->offset;
  auto cells = CellsOfLine(line->text, columns.separator);
  if (!cells) return std::nullopt;
  for (std::string& cell : *cells) cell = Lower(cell);
  columns.count = cells->size();
  const auto ends = FindEnds(*cells);
  if (!ends) return std::nullopt;
  columns.from = ends->from;
  columns.to = ends->to;
  bool certain = false;
  for (std::size_t i = 0; i < columns.count; ++i) {
    const std::string& name = (*cells)[i];
    if (!name.empty() && std::ranges::count(*cells, name) > 1) columns.twice = name;
    if (i == columns.from || i == columns.to) continue;
    certain |= IsLinkField(name) || name == "weight" || name == "type";
    if (IsLinkField(name)) {
      columns.link_fields.emplace_back(name, i);
    } else if (name == "weight") {
      columns.weight = i;
    } else if (name == "type") {
      columns.type = i;
    } else if (!name.empty()) {
      columns.others.push_back(name);
    }
  }
  if (certain) return columns;
  const Below below =
      LookBelow(text, columns.line_offset, (*cells)[columns.from], (*cells)[columns.to]);
  if (below.named) return std::nullopt;
  if (ends->strong || (below.lines > 0 && (below.numbers || below.longer))) return columns;
  return std::nullopt;
}

Result<void> CheckFirstLine(std::string_view text, GraphBuilder& builder) {
  const std::optional<EdgeLine> line = FirstLineOf(text);
  if (!line || !line->dictionary.empty() || line->fields.size() < 2) return {};
  const std::string first = Plain(line->fields[0]), second = Plain(line->fields[1]);
  const Below below = LookBelow(text, line->offset, Lower(line->fields[0]), Lower(line->fields[1]));
  if (below.named || below.lines == 0) return {};
  if ((first == "id" || first == "node" || first == "nodeid") &&
      (second == "label" || second == "name"))
    return builder.At(
        line->offset,
        fmt::format("this looks like a list of nodes, not of edges: its columns are {} "
                    "and {}",
                    line->fields[0], line->fields[1]),
        "give the table of the edges, with the columns source and target");
  const auto word = [](const std::string& label) {
    return !ParseReal(label) && !ParseAddress(label);
  };
  if (SeparatorOf(line->text) != ' ' && word(line->fields[0]) && word(line->fields[1]))
    builder.AddNote(
        fmt::format("the first line makes two nodes that occur nowhere else, {} and {}; "
                    "if it is a header, put # in front of it",
                    Excerpt(line->fields[0]), Excerpt(line->fields[1])));
  return {};
}

namespace {

/// Reads the lines below a header.
class TableReader {
 public:
  TableReader(const EdgeColumns& columns, GraphBuilder& builder)
      : columns_(columns), builder_(builder) {}

  Result<void> ReadRow(const EdgeLine& line) {
    auto cells = CellsOfLine(line.text, columns_.separator);
    if (!cells) return builder_.At(line.offset, "a quote that is not closed");
    // What is missing at the end is empty; blanks at the end of a line are no cells.
    while (cells->size() > columns_.count && cells->back().empty()) cells->pop_back();
    if (cells->size() > columns_.count)
      return builder_.At(line.offset, fmt::format("{} fields in a line below a header of {}",
                                                  cells->size(), columns_.count));
    cells->resize(columns_.count);
    const std::string& from = (*cells)[columns_.from];
    const std::string& to = (*cells)[columns_.to];
    if (to.empty()) return builder_.AddNode(from, line.offset);
    GraphBuilder::EdgeValues values;
    if (columns_.weight && !(*cells)[*columns_.weight].empty()) {
      const auto weight = ParseReal((*cells)[*columns_.weight]);
      if (!weight)
        return builder_.At(line.offset,
                           fmt::format("the weight {} is not a finite number, such as 0.5",
                                       Excerpt((*cells)[*columns_.weight])),
                           PointHint((*cells)[*columns_.weight]));
      values.weight = *weight;
    }
    for (const auto& [name, place] : columns_.link_fields)
      if (!(*cells)[place].empty())
        DELSTEP_TRY(builder_.SetField(name, (*cells)[place], line.offset, values.link));
    DELSTEP_TRY(builder_.AddEdge(from, to, values, line.offset));
    if (!columns_.type) return {};
    const std::string type = Lower((*cells)[*columns_.type]);
    if (type == "directed") {
      directed_ = true;
      return {};
    }
    // Among directed ones it stands for both directions.
    return builder_.AddEdge(to, from, values, line.offset);
  }

  bool directed() const { return directed_; }

 private:
  const EdgeColumns& columns_;
  GraphBuilder& builder_;
  bool directed_ = false;
};

}  // namespace

Result<Graph> ReadEdgeTable(std::string_view text, const EdgeColumns& columns,
                            GraphBuilder& builder) {
  if (!columns.twice.empty())
    return builder.At(columns.line_offset,
                      fmt::format("two columns are called {}", Excerpt(columns.twice)),
                      "give each column a name of its own");
  TableReader reader(columns, builder);
  DELSTEP_TRY(EachEdgeLine(text, [&](const EdgeLine& line) -> Result<void> {
    if (line.offset == columns.line_offset) return {};
    return reader.ReadRow(line);
  }));
  if (builder.empty())
    return builder.At(columns.line_offset, "no line below the header", "write one edge a line");
  std::vector<std::string> unused;
  for (const std::string& name : columns.others) {
    const std::string meant = MeantColumn(name);
    unused.push_back(meant.empty() ? name : fmt::format("{} ({})", name, meant));
  }
  if (!unused.empty()) builder.AddNote("columns that are not used: " + Join(unused, ", "));
  return builder.Finish(reader.directed());
}

}  // namespace delstep
