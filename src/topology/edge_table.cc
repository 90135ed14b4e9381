#include "topology/edge_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "topology/edge_lines.h"
#include "topology/link_fields.h"

namespace delstep {
namespace {

struct EndNames {
  std::string_view from, to;
  bool strong;  // hardly ever two nodes
};
constexpr std::array kEndNames = {
    EndNames{"source", "target", true},
    EndNames{"from", "to", true},
    EndNames{"src", "dst", true},
    EndNames{"fromnodeid", "tonodeid", true},
    EndNames{"node1", "node2", true},
    EndNames{"node_1", "node_2", true},
    EndNames{"id1", "id2", true},
    EndNames{"id_1", "id_2", true},
    EndNames{"source_id", "target_id", true},
    EndNames{"sender", "receiver", true},
    EndNames{"head", "tail", true},
    EndNames{"a", "b", false},
    EndNames{"u", "v", false},
    EndNames{"i", "j", false},
    EndNames{"x", "y", false},
    EndNames{"v1", "v2", false},
};

char SeparatorOf(std::string_view header) {
  for (const char separator : {',', ';', '|', '\t'})
    if (header.find(separator) != header.npos) return separator;
  return ' ';
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
    for (std::size_t i = 0; i < std::min<std::size_t>(line.fields.size(), 2); ++i)
      below.numbers &= ParseIndex(line.fields[i]).has_value() || ParseAddress(line.fields[i]);
    return {};
  });
  return looked ? below : Below{};
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
  const auto place = [&](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(*cells, name) - cells->begin());
  };
  for (const EndNames& ends : kEndNames) {
    columns.from = place(ends.from);
    columns.to = place(ends.to);
    if (columns.from == columns.count || columns.to == columns.count) continue;
    bool certain = false;
    for (std::size_t i = 0; i < columns.count; ++i) {
      const std::string& name = (*cells)[i];
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
    const Below below = LookBelow(text, columns.line_offset, ends.from, ends.to);
    if (below.named) return std::nullopt;
    if (ends.strong || (below.lines > 0 && below.numbers)) return columns;
    return std::nullopt;
  }
  return std::nullopt;
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
                                       Excerpt((*cells)[*columns_.weight])));
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
  TableReader reader(columns, builder);
  DELSTEP_TRY(EachEdgeLine(text, [&](const EdgeLine& line) -> Result<void> {
    if (line.offset == columns.line_offset) return {};
    return reader.ReadRow(line);
  }));
  if (builder.empty())
    return builder.At(columns.line_offset, "no line below the header", "write one edge a line");
  if (!columns.others.empty())
    builder.AddNote("columns that are not used: " + Join(columns.others, ", "));
  return builder.Finish(reader.directed());
}

}  // namespace delstep
