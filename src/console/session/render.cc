#include "console/session/render.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <type_traits>

#include "base/text.h"
#include "base/utf8.h"
#include "scenario/units.h"

namespace delstep {
namespace {

constexpr std::size_t kLeastWidth = 12;

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

/// The whole list where there is room for it, else as many items as fit, then "… 68 more".
std::string ListText(const std::vector<std::string>& items, std::size_t width) {
  if (width != kWhole)
    if (std::string whole = ListText(items, kWhole); DisplayWidth(whole) <= width) return whole;
  std::string text;
  std::size_t used = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string next = (i > 0 ? ", " : "") + Printable(items[i]);
    if (width != kWhole) {
      const std::string rest =
          i + 1 < items.size() ? fmt::format(" … {} more", items.size() - i) : "";
      used += DisplayWidth(next);
      if (i > 0 && used + DisplayWidth(rest) > width)
        return text + fmt::format(" … {} more", items.size() - i);
    }
    text += next;
  }
  return text;
}

std::string CellText(const Cell& cell, int decimals, std::size_t width) {
  return std::visit(
      Overloaded{[](std::monostate) { return std::string("–"); },
                 [](bool value) { return std::string(value ? "yes" : "no"); },
                 [&](double value) { return fmt::format("{:.{}f}", value, decimals); },
                 [](const std::string& value) { return Printable(value); },
                 [&](const std::vector<std::string>& value) { return ListText(value, width); },
                 [](const NodeLabel& value) { return Printable(value.shown()); },
                 [&](const std::vector<NodeLabel>& value) {
                   std::vector<std::string> names;
                   for (const NodeLabel& node : value) names.push_back(node.shown());
                   return ListText(names, width);
                 },
                 [](Duration value) { return FormatDuration(value); },
                 [](const JsonValue& value) { return Printable(value.text); },
                 [](auto value) { return fmt::format("{}", value); }},
      cell);
}

/// Columns of numbers are aligned at the right, so that digits stand below each other.
bool IsNumber(const Cell& cell) {
  return std::holds_alternative<double>(cell) || std::holds_alternative<std::int64_t>(cell) ||
         std::holds_alternative<std::uint64_t>(cell) || std::holds_alternative<Duration>(cell);
}

/// Nothing is in it that a person would miss.
bool IsEmpty(const Cell& cell) {
  return std::visit(
      Overloaded{[](std::monostate) { return true; }, [](bool value) { return !value; },
                 [](const NodeLabel& value) { return value.address.empty(); },
                 [](const std::string& value) { return value.empty(); },
                 [](const JsonValue& value) { return value.text.empty(); },
                 [](const std::vector<std::string>& value) { return value.empty(); },
                 [](const std::vector<NodeLabel>& value) { return value.empty(); },
                 [](const auto& value) {
                   if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(value)>>)
                     return value == 0;
                   else
                     return false;
                 }},
      cell);
}

/// The columns that people see.
std::vector<std::size_t> ColumnsFor(const Table& table) {
  std::vector<std::size_t> columns;
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    if (!table.columns[c].title.empty() &&
        (!table.columns[c].optional ||
         !std::ranges::all_of(table.rows, [&](const auto& row) { return IsEmpty(row[c]); })))
      columns.push_back(c);
  return columns;
}

/// The shown part of a table, as text.
class TableText {
 public:
  TableText(const Table& table, std::size_t width)
      : table_(table),
        columns_(ColumnsFor(table)),
        whole_(width == kWhole),
        rows_(whole_ ? table.rows.size() : std::min(table.rows.size(), table.shown)),
        numbers_(columns_.size()) {
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      widths_.push_back(DisplayWidth(Title(c)));
      for (std::size_t r = 0; r < rows_; ++r) {
        numbers_[c] = numbers_[c] || IsNumber(table.rows[r][columns_[c]]);
        widths_[c] = std::max(widths_[c], DisplayWidth(Text(r, c, width)));
      }
    }
    if (!whole_) Narrow(width);
  }

  std::string Render() const {
    std::string text = Line([&](std::size_t c) { return Title(c); });
    for (std::size_t r = 0; r < rows_; ++r)
      text += Line([&](std::size_t c) { return Text(r, c, whole_ ? kWhole : widths_[c]); });
    const std::size_t more = table_.rows.size() - rows_ + table_.left_out;
    if (more > 0) text += fmt::format("… {} more\n", more);
    std::vector<std::string> titles;
    for (const std::size_t c : left_out_) titles.push_back(Printable(table_.columns[c].title));
    if (!titles.empty())
      text += fmt::format("… column{} {}: no room\n", titles.size() == 1 ? "" : "s",
                          Join(titles, ", "));
    return text;
  }

 private:
  // Columns are counted among those that are shown.
  std::string Title(std::size_t column) const {
    return Printable(table_.columns[columns_[column]].title);
  }
  std::string Text(std::size_t row, std::size_t column, std::size_t width) const {
    const std::size_t c = columns_[column];
    return CellText(table_.rows[row][c], table_.columns[c].decimals, width);
  }

  /// Takes from the widest column of words until the table fits, but never from the first one,
  /// which says what the row is about; then leaves out the minor columns, and after them the last.
  void Narrow(std::size_t width) {
    const auto total = [&] {
      return std::accumulate(widths_.begin(), widths_.end(), 2 * (widths_.size() - 1));
    };
    while (total() > width) {
      std::size_t widest = widths_.size();
      for (std::size_t c = 1; c < widths_.size(); ++c)
        if (!numbers_[c] && widths_[c] > kLeastWidth &&
            (widest == widths_.size() || widths_[c] > widths_[widest]))
          widest = c;
      if (widest == widths_.size()) {
        if (widths_.size() == 1) return;
        LeaveOut();
        continue;
      }
      // Only as narrow as must be.
      const std::size_t excess = total() - width;
      widths_[widest] =
          std::max(kLeastWidth, widths_[widest] - std::min(excess, widths_[widest] - kLeastWidth));
    }
  }

  void LeaveOut() {
    std::size_t c = 1;
    while (c < columns_.size() && !table_.columns[columns_[c]].minor) ++c;
    if (c == columns_.size()) --c;
    left_out_.insert(std::ranges::upper_bound(left_out_, columns_[c]), columns_[c]);
    const auto at = static_cast<std::ptrdiff_t>(c);
    columns_.erase(columns_.begin() + at);
    widths_.erase(widths_.begin() + at);
    numbers_.erase(numbers_.begin() + at);
  }

  template <class F>
  std::string Line(F&& cell) const {
    std::string line;
    for (std::size_t c = 0; c < widths_.size(); ++c) {
      const std::string text = CutToWidth(cell(c), std::max<std::size_t>(widths_[c], 1));
      const std::string blanks(widths_[c] - std::min(widths_[c], DisplayWidth(text)), ' ');
      if (c > 0) line += "  ";
      line += numbers_[c] ? blanks + text : text + blanks;
    }
    // No blanks at the ends of lines: they would differ between a terminal and a file.
    line.erase(line.find_last_not_of(' ') + 1);
    return line + '\n';
  }

  const Table& table_;
  std::vector<std::size_t> columns_;
  std::vector<std::size_t> left_out_;  // ascending
  bool whole_;
  std::size_t rows_;
  std::vector<bool> numbers_;
  std::vector<std::size_t> widths_;
};

}  // namespace

std::string RenderTable(const Table& table, std::size_t width) {
  return TableText(table, width).Render();
}

std::string RenderReply(const Reply& reply, std::size_t width, Detail detail) {
  if (detail == Detail::kNothing) return {};
  std::string text;
  const bool whole = width == kWhole;
  for (const Line& line : reply.output)
    if (const auto& said = whole ? line.text : line.brief) text += *said + '\n';
  for (const Line& line : reply.text)
    if (const auto& said = whole ? line.text : line.brief)
      text += WrapText(Printable(*said), width, 2) + '\n';
  if (detail == Detail::kLines) return text;
  for (const Table& table : reply.tables)
    if (table.shown > 0 && !table.rows.empty() && (whole ? table.in_full : table.at_terminal))
      text += RenderTable(table, width);
  return text;
}

}  // namespace delstep
