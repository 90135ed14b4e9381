#pragma once
/// Tables as data sets: CSV files with a header and a column that names the class.
#include <filesystem>
#include <span>
#include <string>

#include "delstep/data.h"
#include "delstep/result.h"

namespace delstep {

/// How a table is written: DataOptions of the scenario.
struct CsvFormat {
  std::string label = "label";  ///< the column of the class: its name, without a header its number
  std::string header = "auto";  ///< "auto", "true" or "false"
};

/// Reads one file; or of a folder `train.csv` and `test.csv` if it has both; else all its *.csv,
/// sorted by name, each of which is a source (LoadedData::sources) called by its name without the
/// ending. Compressed files (.csv.gz) are read too. The format is that of data/csv_records.h; all
/// files have the same header.
///
/// Whether the first line is a header, `format.header` says. "auto" takes it for one, and refuses
/// one that may be a record, which would be an example lost: one of numbers alone, or of numbers
/// and the label's name where that name is a class further down. Without a header, columns have
/// numbers, from 0; a number below 0 counts from the end.
///
/// The column `format.label` says the class, in any text; labels that are equal as numbers ("1",
/// "1.0", "01") are one class. Classes are numbered in the order of their texts, by value if all of
/// them are numbers, and called by them. Every other column is a feature, a finite decimal number
/// kept as it is (nothing is scaled), rounded to a 32-bit float; one too small for a float is 0. A
/// note tells of a feature that only counts the records (csv_index.h).
///
/// Errors (kFile), with `where` = "file:line" where it lies in a line: no column `label` (the
/// message lists the columns), a column without a name or one that pandas calls "Unnamed: 0", two
/// columns of one name, no feature column; a record with more or fewer fields than the first line,
/// an empty cell or a missing value, a feature that is no number; no record at all; more than 65536
/// classes. kUsage, about data.label: no number of a column where there is no header.
Result<LoadedData> ReadCsv(const std::filesystem::path& path, const CsvFormat& format);
/// The same of one file's bytes, plain or compressed; messages call them `name`.
Result<LoadedData> ParseCsv(std::span<const std::uint8_t> content, const std::string& name,
                            const CsvFormat& format);

}  // namespace delstep
