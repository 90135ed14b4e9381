#pragma once
/// The columns of tables of one header: what they are called, and which one of them is the label.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv.h"
#include "data/csv_records.h"
#include "delstep/result.h"

namespace delstep {

/// Learns from the first record of each file, as the files are read in turn. ReadCsv() says what is
/// a header and what is refused. Threads: one.
class CsvHeader {
 public:
  explicit CsvHeader(CsvFormat format);

  /// Whether the first line of each file has names and no record.
  bool has_names() const { return format_.header != "false"; }
  /// Takes the first record of a file: names, or else only how many columns there are. Errors
  /// (kFile, in the line of the record): names that cannot be those of columns, no label among
  /// them, others than in the file before. kUsage, about data.label: no number of a column.
  Result<void> Take(const CsvRecords& first);
  /// A line with one name among numbers may be a record: then its class comes again. Errors: kFile,
  /// at the line of the header, if this label of a record says so.
  Result<void> CheckLabel(std::string_view label, const CsvRecords& record) const;

  /// After Take(): their names, or their numbers, from 0, where they have none.
  const std::vector<std::string>& columns() const { return columns_; }
  std::size_t label_column() const { return label_column_; }
  /// As the format calls it.
  const std::string& label() const { return format_.label; }

 private:
  Result<void> TakeNames(const CsvRecords& records);
  Result<void> NumberColumns(const CsvRecords& records);
  Result<void> CheckLine(const CsvRecords& records);
  Result<void> CheckNames(const CsvRecords& records) const;
  bool NumbersBut(std::size_t column) const;
  Error NoLabel(const CsvRecords& records) const;

  CsvFormat format_;
  std::vector<std::string> columns_;
  std::size_t label_column_ = 0;
  std::uint64_t suspect_ = 0;  // the line of a header that may be a record; 0: it is none
};

}  // namespace delstep
