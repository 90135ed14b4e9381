#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/cells.h"
#include "base/shortened.h"
#include "base/text.h"
#include "traces/contact_columns.h"
#include "traces/contact_rows.h"
#include "traces/table.h"

namespace delstep {
namespace {

constexpr Duration kSociopatternsInterval = std::chrono::seconds(20);

/// Where a row of a list of moments has its time and its two ids.
struct MomentColumns {
  std::size_t t = 0, a = 1, b = 2;
  std::size_t count = 0;  // of cells in each row; 0: at least three, as there is no header
  char separator = ' ';
};

/// Columns come in any order, and which of three numbers is a time only their names tell: a header
/// that does not say it is refused, never passed over.
Result<MomentColumns> ColumnsOfMoments(const TraceLines& lines, std::string_view header) {
  // A tab is a blank like others here: some headers have tabs above rows with blanks.
  const char separator = SeparatorOf(header) == '\t' ? ' ' : SeparatorOf(header);
  const auto cells = CellsOfLine(header, separator);
  if (!cells) return lines.Wrong("a quote that is not closed");
  const auto t = FindColumn(*cells, kTimeNames);
  const auto a = FindColumn(*cells, kFirstNames), b = FindColumn(*cells, kSecondNames);
  if (!t || !a || !b)
    return lines.Wrong(
        fmt::format("{} is no header of a list of contacts: no column is called as {}",
                    Excerpt(header), !t ? "the time" : "one of the two ids"),
        "call the columns t,i,j (or time,source,target), or start,end,a,b");
  return MomentColumns{.t = *t, .a = *a, .b = *b, .count = cells->size(), .separator = separator};
}

/// Without a header a row is `t i j`. A list in the order `i j t` shows in its columns: of moments in
/// order the first one rises, of this one the third.
class OrderOfColumns {
 public:
  void See(const std::vector<std::string>& cells) {
    const auto first = ParseReal(cells[0]), third = ParseReal(cells[2]);
    if (seen_) {
      first_falls_ = first_falls_ || first < first_;
      third_falls_ = third_falls_ || !third || third < third_;
      third_rises_ = third_rises_ || third > third_;
    }
    seen_ = true, first_ = first, third_ = third;
  }
  bool IsTimeLast() const { return first_falls_ && third_rises_ && !third_falls_; }

 private:
  std::optional<double> first_, third_;
  bool seen_ = false, first_falls_ = false, third_falls_ = false, third_rises_ = false;
};

}  // namespace

Result<ContactRows> ReadSocioPatterns(TraceSource& source) {
  TraceLines lines(source);
  ContactRows contacts;
  MomentColumns columns;
  OrderOfColumns order;
  Tally alone;
  SimTime first = SimTime::max();
  for (bool is_first = true;; is_first = false) {
    DELSTEP_ASSIGN(const bool more, lines.NextContent());
    if (!more) break;
    const auto cells = CellsOfLine(lines.text(), columns.separator);
    if (is_first && cells && !cells->empty() && !ParseReal(cells->front())) {
      DELSTEP_ASSIGN(columns, ColumnsOfMoments(lines, lines.text()));
      continue;
    }
    if (!cells || (columns.count == 0 ? cells->size() < 3 : cells->size() != columns.count))
      return lines.Wrong(
          fmt::format(
              "{}, expected {}", cells ? Count(cells->size(), "cell") : "an open quote",
              columns.count == 0 ? "t i j" : fmt::format("the {} of the header", columns.count)),
          columns.count == 0 ? "a row is a time and two ids: 20 1157 1232"
                             : "a row has a cell for each column of the header");
    if (columns.count == 0 && cells->size() > 4 && ParseReal((*cells)[3]) && ParseReal((*cells)[4]))
      return lines.Wrong(
          fmt::format(
              "{}: five numbers may be a contact with its end, or a moment with two classes",
              Excerpt(lines.text())),
          "write the names of the columns into the first line: start,end,a,b,other or t,i,j,Ci,Cj");
    ContactRows::Row row;
    DELSTEP_ASSIGN(row.ends, lines.Moment((*cells)[columns.t], "t"));
    row.begins = row.ends - kSociopatternsInterval;
    DELSTEP_ASSIGN(row.a, contacts.Number((*cells)[columns.a], lines));
    DELSTEP_ASSIGN(row.b, contacts.Number((*cells)[columns.b], lines));
    if (columns.count == 0) order.See(*cells);
    first = std::min(first, row.begins);
    if (row.a == row.b)
      alone.Add(lines.number());
    else
      contacts.Add(row);
  }
  if (order.IsTimeLast())
    return BadFile(
               "the rows are read as t i j, but the first column falls and the third one rises "
               "from row to row, as times do",
               "write the names of the columns into the first line: i j t, or t i j")
        .At(lines.file());
  // Rows that touch become one contact when the plan is made.
  for (ContactRows::Row& row : contacts.rows()) {
    row.begins = SimTime(row.begins - first);
    row.ends = SimTime(row.ends - first);
  }
  alone.Tell("contact of an id with itself", "contacts of an id with itself", contacts.notes());
  if (contacts.ids().empty()) return BadFile("it has no contact", kContactHint).At(lines.file());
  return contacts;
}

}  // namespace delstep
