#include "node_table/node_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <optional>
#include <set>
#include <utility>

#include "base/cells.h"
#include "base/text.h"
#include "base/utf8.h"
#include "node_table/node_labels.h"

namespace delstep {
namespace {

/// What columns are called in headers counts neither capitals nor blanks inside quotes.
std::string ColumnName(std::string_view field) { return Lower(Trim(field)); }

class TableReader {
 public:
  TableReader(std::string_view file, std::span<const NodeColumn> columns)
      : file_(file), columns_(columns) {
    // Without a header: the node, then the columns as they are declared.
    for (std::size_t i = 0; i <= columns.size(); ++i) places_.push_back(i);
  }

  Result<NodeTable> Read(std::string_view text, const NodesOptions& nodes) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    NodeLabels labels;
    while (!text.empty()) {
      ++line_;
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view line = Trim(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      if (!line.empty() && line.front() != '#') DELSTEP_TRY(ReadLine(line, labels));
    }
    if (table_.rows.empty())
      return BadFile("the file has no line with a node", Example()).At(std::string(file_));
    DELSTEP_ASSIGN(const std::vector<NodeId> meaning, labels.Find(file_, nodes, table_.notes));
    // Until here a row's node is the place of its label.
    for (NodeTable::Row& row : table_.rows) row.node = meaning[Index(row.node)];
    const std::set<NodeId> mentioned(meaning.begin(), meaning.end());
    table_.missing = nodes.count - mentioned.size();
    return std::move(table_);
  }

 private:
  static constexpr std::size_t kUnnamed = NodeTable::kMostColumns + 1;

  Error Bad(std::string message, std::string hint = {}) const {
    return BadFile(std::move(message), std::move(hint)).At(fmt::format("{}:{}", file_, line_));
  }
  std::string Names() const {
    std::vector<std::string> names = {"node"};
    for (const NodeColumn& column : columns_) names.emplace_back(column.name);
    return Join(names, ",");
  }
  std::string Example() const { return "a line is " + Names(); }

  Result<void> ReadLine(std::string_view line, NodeLabels& labels) {
    const bool first = std::exchange(first_, false);
    if (first) separator_ = SeparatorOf(line);
    auto cells = CellsOfLine(line, separator_);
    if (!cells) return Bad("a quote that is not closed");
    const std::vector<std::string>& fields = *cells;
    if (first && IsHeader(fields)) return TakeHeader(fields);
    std::size_t required = 1;
    for (const NodeColumn& column : columns_) required += column.required ? 1 : 0;
    if (has_header_ ? fields.size() != places_.size()
                    : fields.size() < required || fields.size() > places_.size())
      return Bad(fmt::format("a line with {}", Count(fields.size(), "field")),
                 has_header_ && fields.size() == places_.size() + 1
                     ? "the header has one less; of a table of R leave out the names of rows: "
                       "row.names=FALSE"
                     : Example());
    NodeTable::Row row{.node = {}, .line = line_, .values = {}};
    row.values.fill(NodeTable::kNone);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (places_[i] == kUnnamed) continue;
      const std::string_view field = Trim(fields[i]);
      if (places_[i] == 0) {
        DELSTEP_ASSIGN(const std::size_t place, labels.Add(field, line_, file_));
        row.node = static_cast<NodeId>(place);
      } else {
        const NodeColumn& column = columns_[places_[i] - 1];
        DELSTEP_ASSIGN(row.values[places_[i] - 1], ReadNumber(field, column));
      }
    }
    table_.rows.push_back(row);
    return {};
  }

  Result<double> ReadNumber(std::string_view field, const NodeColumn& column) const {
    if (field.empty() && !column.required) return NodeTable::kNone;
    const auto number = ParseReal(field);
    if (number && *number >= 0 && *number <= column.most) return *number;
    std::string hint = PointHint(field);
    if (hint.empty()) hint = fmt::format("write a number from 0 to {}", ShortestReal(column.most));
    // A line of words alone may have been meant as a header.
    if (!number && !has_header_ && table_.rows.empty())
      hint += fmt::format("; if the line is a header, call its columns {}", Names());
    return Bad(fmt::format("{} is no value of {}", QuotedField(field), column.name),
               std::move(hint));
  }

  /// The column of this name as in places_; nothing if there is none.
  std::optional<std::size_t> PlaceOf(std::string_view name) const {
    if (name == "node") return 0;
    const auto column = std::ranges::find(columns_, name, &NodeColumn::name);
    if (column == columns_.end()) return std::nullopt;
    return static_cast<std::size_t>(column - columns_.begin()) + 1;
  }

  /// A node may be called as a column is, but its line has a number then.
  bool IsHeader(const std::vector<std::string>& fields) const {
    const auto is_number = [](const std::string& field) { return ParseReal(field).has_value(); };
    const auto is_column = [this](const std::string& field) {
      return PlaceOf(ColumnName(field)).has_value();
    };
    return std::ranges::any_of(fields, is_column) && std::ranges::none_of(fields, is_number);
  }

  Result<void> TakeHeader(const std::vector<std::string>& fields) {
    std::vector<std::size_t> places;
    for (const std::string& field : fields) {
      const std::string name = ColumnName(field);
      // Programs write the number of the row into a column without a name.
      if (name.empty()) {
        places.push_back(kUnnamed);
        continue;
      }
      const auto place = PlaceOf(name);
      if (!place) return Bad(fmt::format("there is no column {}", QuotedField(field)), Example());
      if (std::ranges::find(places, *place) != places.end())
        return Bad(fmt::format("the column {} comes twice", name));
      places.push_back(*place);
    }
    if (std::ranges::find(places, std::size_t{0}) == places.end())
      return Bad("the column node is missing", Example());
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i].required && std::ranges::find(places, i + 1) == places.end())
        return Bad(fmt::format("the column {} is missing", columns_[i].name), Example());
    places_ = std::move(places);
    has_header_ = true;
    return {};
  }

  std::string_view file_;
  std::span<const NodeColumn> columns_;
  // What each field of a line is: 0 for the node, else the number of the column, from 1.
  std::vector<std::size_t> places_;
  char separator_ = ',';
  bool first_ = true, has_header_ = false;
  std::uint32_t line_ = 0;
  NodeTable table_;
};

}  // namespace

Result<NodeTable> ParseNodeTable(std::string_view text, std::string_view file,
                                 std::span<const NodeColumn> columns, const NodesOptions& nodes) {
  assert(columns.size() <= NodeTable::kMostColumns);
  return TableReader(file, columns).Read(text, nodes);
}

Error AtRow(std::string_view file, const NodeTable::Row& row, std::string message,
            std::string hint) {
  return BadFile(std::move(message), std::move(hint)).At(fmt::format("{}:{}", file, row.line));
}

std::string QuotedField(std::string_view text) {
  constexpr std::size_t kShown = 40;
  std::string shown = "'";
  while (!text.empty() && shown.size() <= kShown) {
    const std::size_t length = CodePointSize(text);
    std::size_t offset = 0;
    if (length == 0 || IsControl(NextCodePoint(text, offset)))
      shown += '?';
    else
      shown += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return shown + (text.empty() ? "'" : "...'");
}

}  // namespace delstep
