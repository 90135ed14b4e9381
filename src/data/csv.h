#pragma once
/// Tables as data sets: CSV files with a header and a column that names the class.
#include <filesystem>
#include <span>
#include <string>

#include "delstep/data.h"
#include "delstep/result.h"

namespace delstep {

/// Reads one file; or of a folder `train.csv` and `test.csv` if it has both; else all its *.csv,
/// sorted by name, each of which is a source (LoadedData::sources) called by its name without the
/// ending. Compressed files (.csv.gz) are read too. The format is that of data/csv_records.h; all
/// files have the same header.
///
/// The column named `label` says the class, in any text; classes are numbered in the order of their
/// texts, by value if all of them are numbers, and called by them. Every other column is a feature,
/// a finite decimal number kept as it is (nothing is scaled), rounded to a 32-bit float.
///
/// Errors (kFile), with `where` = "file:line" where it lies in a line: no column `label` (the
/// message lists the columns), a column without a name or a feature column missing; a record with
/// more or fewer fields than the header, an empty cell, a feature that is no number; no record at
/// all; more than 65536 classes.
Result<LoadedData> ReadCsv(const std::filesystem::path& path, const std::string& label);
/// The same of one file's bytes, plain or compressed; messages call them `name`.
Result<LoadedData> ParseCsv(std::span<const std::uint8_t> content, const std::string& name,
                            const std::string& label);

}  // namespace delstep
