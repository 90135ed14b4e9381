#include "node_table/node_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <optional>
#include <set>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "node_table/node_labels.h"

namespace delstep {
namespace {

/// A field without the quotes around it.
std::string_view Unquoted(std::string_view field) {
  field = Trim(field);
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
    field = Trim(field.substr(1, field.size() - 2));
  return field;
}

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
  Error Bad(std::string message, std::string hint = {}) const {
    return BadFile(std::move(message), std::move(hint)).At(fmt::format("{}:{}", file_, line_));
  }
  std::string Example() const {
    std::vector<std::string> names = {"node"};
    for (const NodeColumn& column : columns_) names.emplace_back(column.name);
    return fmt::format("a line is {}", Join(names, ","));
  }

  Result<void> ReadLine(std::string_view line, NodeLabels& labels) {
    std::vector<std::string_view> fields = Split(line, ',');
    for (std::string_view& field : fields) field = Unquoted(field);
    const bool first = std::exchange(first_, false);
    if (first && std::ranges::find(fields, "node") != fields.end()) return TakeHeader(fields);
    std::size_t required = 1;
    for (const NodeColumn& column : columns_) required += column.required ? 1 : 0;
    if (has_header_ ? fields.size() != places_.size()
                    : fields.size() < required || fields.size() > places_.size())
      return Bad(fmt::format("a line with {}", Count(fields.size(), "field")), Example());
    NodeTable::Row row{.node = {}, .line = line_, .values = {}};
    row.values.fill(NodeTable::kNone);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (places_[i] == 0) {
        DELSTEP_ASSIGN(const std::size_t place, labels.Add(fields[i], line_, file_));
        row.node = static_cast<NodeId>(place);
      } else {
        const NodeColumn& column = columns_[places_[i] - 1];
        DELSTEP_ASSIGN(row.values[places_[i] - 1], ReadNumber(fields[i], column));
      }
    }
    table_.rows.push_back(row);
    return {};
  }

  Result<double> ReadNumber(std::string_view field, const NodeColumn& column) const {
    if (field.empty() && !column.required) return NodeTable::kNone;
    const auto number = ParseReal(field);
    if (number && *number >= 0 && *number <= column.most) return *number;
    return Bad(fmt::format("{} is no value of {}", QuotedField(field), column.name),
               fmt::format("write a number from 0 to {}", ShortestReal(column.most)));
  }

  /// places_[i]: 0 for the node, else the number of the column, from 1.
  Result<void> TakeHeader(const std::vector<std::string_view>& fields) {
    std::vector<std::size_t> places;
    for (const std::string_view field : fields) {
      const auto column = std::ranges::find(columns_, field, &NodeColumn::name);
      if (field != "node" && column == columns_.end())
        return Bad(fmt::format("there is no column {}", QuotedField(field)), Example());
      const std::size_t place =
          field == "node" ? 0 : static_cast<std::size_t>(column - columns_.begin()) + 1;
      if (std::ranges::find(places, place) != places.end())
        return Bad(fmt::format("the column {} comes twice", field));
      places.push_back(place);
    }
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i].required && std::ranges::find(places, i + 1) == places.end())
        return Bad(fmt::format("the column {} is missing", columns_[i].name), Example());
    places_ = std::move(places);
    has_header_ = true;
    return {};
  }

  std::string_view file_;
  std::span<const NodeColumn> columns_;
  std::vector<std::size_t> places_;
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
