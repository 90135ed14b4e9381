#include "data/csv_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "base/file_kind.h"
#include "base/shortened.h"
#include "base/text.h"
#include "data/csv_field.h"
#include "data/csv_index.h"
#include "data/no_table.h"

namespace delstep {
namespace {

constexpr const char* kNoIndex = "name it or leave it out; of a pandas table save with index=False";

std::string OneColumn(const CsvRecords& records) {
  return fmt::format("found one column, {}; a label and features are at least two",
                     Excerpt(records.fields().front()));
}

/// A separator that is none of those that are known.
std::string SeparatorHint(const CsvRecords& records) {
  const std::string_view field = records.fields().front();
  const bool has_blanks = Trim(field).find(' ') != std::string_view::npos;
  return has_blanks ? "fields are separated by a comma, a semicolon, a tab or a bar; to replace "
                      "blanks: tr -s ' ' ',' < FILE > NEW"
                    : "fields are separated by a comma, a semicolon, a tab or a bar";
}

}  // namespace

CsvHeader::CsvHeader(CsvFormat format) : format_(std::move(format)) {}

Result<void> CsvHeader::Take(const CsvRecords& first) {
  return has_names() ? TakeNames(first) : NumberColumns(first);
}

Result<void> CsvHeader::CheckLabel(std::string_view label, const CsvRecords& record) const {
  if (suspect_ == 0 || label != format_.label) return {};
  return BadFile(fmt::format("{} is the name of a column, and a class too (line {}): names of "
                             "columns, or a record?",
                             Excerpt(format_.label), record.line()),
                 "a record: data.header=false, and data.label is the number of a column, from "
                 "0, or -1 for the last one; names: data.header=true")
      .At(fmt::format("{}:{}", record.source_name(), suspect_));
}

/// Without a header: columns are called by their numbers.
Result<void> CsvHeader::NumberColumns(const CsvRecords& records) {
  const std::size_t count = records.fields().size();
  if (!columns_.empty()) return {};  // of a file after the first; its records are compared
  if (count == 1) DELSTEP_TRY(RefuseNoTable(records, format_.label));
  if (count == 1) return records.Wrong(OneColumn(records), SeparatorHint(records));
  for (std::size_t i = 0; i < count; ++i) columns_.push_back(fmt::format("{}", i));
  const bool from_end = format_.label.starts_with('-');
  const auto number = ParseUnsigned(std::string_view(format_.label).substr(from_end ? 1 : 0));
  const bool fits = number && (from_end ? *number >= 1 && *number <= count : *number < count);
  if (!fits) {
    return UsageError(
               fmt::format("data.label = {}: without a header it is the number of a column, from "
                           "0 to {}; -1 is the last one",
                           Excerpt(format_.label), count - 1),
               "data.label=-1 where the class stands last, data.label=0 where it stands first")
        .About("data.label");
  }
  label_column_ = from_end ? count - *number : *number;
  return {};
}

Result<void> CsvHeader::TakeNames(const CsvRecords& records) {
  std::vector<std::string> columns;
  for (const std::string_view field : records.fields()) {
    columns.emplace_back(Trim(field));
    if (const auto byte = WrongByte(field))
      return records.Wrong(
          fmt::format("column {} of the header, {}, holds the byte 0x{:02x}, "
                      "which is no UTF-8",
                      columns.size(), Excerpt(field), *byte),
          EncodingHint(fmt::format("{}", fmt::join(records.fields(), " ")), records.source_name()));
  }
  if (columns_.empty()) {
    columns_ = std::move(columns);
    return CheckLine(records);
  }
  if (columns == columns_) return {};
  std::size_t at = 0;
  while (at < columns.size() && at < columns_.size() && columns[at] == columns_[at]) ++at;
  const auto name = [&](const std::vector<std::string>& some) {
    return at < some.size() ? Excerpt(some[at]) : "missing";
  };
  return records.Wrong(fmt::format("column {} is {}, but {} in the file before", at + 1,
                                   name(columns), name(columns_)),
                       "all files of a folder need the same header");
}

Result<void> CsvHeader::CheckLine(const CsvRecords& records) {
  if (format_.header == "auto" && columns_.size() > 1 && AreNumbers(columns_)) {
    return records.Wrong(
        "the first line holds numbers alone: names of columns, or a record?",
        "a record: data.header=false, and data.label is the number of a column, from 0, or -1 "
        "for the last one; names: data.header=true");
  }
  const auto found = std::ranges::find(columns_, format_.label);
  if (found == columns_.end()) DELSTEP_TRY(RefuseNoTable(records, format_.label));
  DELSTEP_TRY(CheckNames(records));
  if (found == columns_.end()) return NoLabel(records);
  if (columns_.size() == 1)
    return records.Wrong("the header has no column besides the label, so there is no feature",
                         SeparatorHint(records));
  label_column_ = static_cast<std::size_t>(found - columns_.begin());
  if (format_.header == "auto" && NumbersBut(label_column_)) suspect_ = records.line();
  return {};
}

/// Whether all names but this one are numbers, as in a record whose class is a text.
bool CsvHeader::NumbersBut(std::size_t column) const {
  const auto names = std::span(columns_);
  return AreNumbers(names.first(column)) && AreNumbers(names.subspan(column + 1));
}

Result<void> CsvHeader::CheckNames(const CsvRecords& records) const {
  const auto unnamed = std::ranges::find(columns_, "");
  if (unnamed != columns_.end()) {
    return records.Wrong(
        fmt::format("column {} of the header has no name", unnamed - columns_.begin() + 1),
        kNoIndex);
  }
  const auto index = std::ranges::find_if(columns_, IsPandasIndex);
  if (index != columns_.end()) {
    return records.Wrong(
        fmt::format("column {} is called {}: it had no name when pandas read the table, and is "
                    "mostly the number of the row",
                    index - columns_.begin() + 1, Excerpt(*index)),
        kNoIndex);
  }
  std::vector<std::string_view> sorted(columns_.begin(), columns_.end());
  std::ranges::sort(sorted);
  const auto twice = std::ranges::adjacent_find(sorted);
  if (twice == sorted.end()) return {};
  return records.Wrong(fmt::format("two columns are called {}", Excerpt(*twice)),
                       "rename one of them, or leave it out");
}

Error CsvHeader::NoLabel(const CsvRecords& records) const {
  // All but one: of a table without a header, a class may be a text.
  const auto numbers = std::ranges::count_if(
      columns_, [](const std::string& name) { return ParseFeature(name).has_value(); });
  const bool is_record = numbers > 0 && static_cast<std::size_t>(numbers) + 1 >= columns_.size();
  const std::string slip = DidYouMean(format_.label, columns_);
  return records.Wrong(fmt::format("no column {} (data.label) in the header; it has {}",
                                   Excerpt(format_.label), Shortened(Join(columns_, ", "), 300)),
                       columns_.size() == 1 ? SeparatorHint(records)
                       : is_record
                           ? "if the first line is a record: data.header=false, and data.label is "
                             "the number of a column, from 0, or -1 for the last one"
                       : slip.empty() ? "set data.label to the column that holds the class"
                                      : slip);
}

}  // namespace delstep
