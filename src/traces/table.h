#pragma once
/// Tables with named columns, as traces and contact lists have them.
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/result.h"
#include "delstep/types.h"
#include "traces/trace_lines.h"

namespace delstep {

/// The first of `columns` that is called one of `names`, which are in small letters; capitals in the
/// column's name do not count.
std::optional<std::size_t> FindColumn(std::span<const std::string> columns,
                                      std::span<const std::string_view> names);

/// Rows of cells between commas, semicolons, tabs, bars or blanks: whichever of them, in this order,
/// the first line has. Cells may stand in double quotes; lines that begin with `#` are comments.
class TraceTable {
 public:
  /// `lines` outlives this.
  explicit TraceTable(TraceLines& lines) : lines_(lines) {}

  /// Reads the first line as the names of columns. Errors (kFile): there is none; `hint` stands
  /// under it.
  Result<void> ReadHeader(std::string_view hint);
  /// After ReadHeader(): the first line was no header but a row, and the columns have these names,
  /// as many as before. That row is the present one.
  void TakeHeaderAsRow(std::vector<std::string> names);
  /// The column that FindColumn() finds.
  std::optional<std::size_t> Find(std::span<const std::string_view> names);
  std::optional<std::size_t> Find(std::initializer_list<std::string_view> names) {
    return Find(std::span(names.begin(), names.size()));
  }

  /// Goes to the next row; false at the end. Errors (kFile), in its line: it has more or fewer cells
  /// than there are columns, or a quote is not closed.
  Result<bool> Next();
  /// Of the present row. Requires a column of Find().
  const std::string& Cell(std::size_t column) const { return cells_[column]; }

  /// Adds a note about columns that nobody asked for.
  void TellUnused(std::vector<std::string>& notes) const;

 private:
  Result<std::vector<std::string>> Cells();

  TraceLines& lines_;
  char separator_ = 0;  // 0: not known yet
  std::vector<std::string> names_, cells_;
  std::vector<bool> used_;
};

/// What to take off times that are Unix times, because the first of them lies beyond 10^8 s (three
/// years): that first one. Adds a note then; else nothing.
Duration ShiftOfUnixTimes(SimTime first, std::vector<std::string>& notes);

}  // namespace delstep
