#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "delstep/result.h"

namespace delstep {

/// The tables of a folder, in the order in which they are read.
struct CsvFolder {
  std::vector<std::filesystem::path> files;
  bool is_split = false;             ///< they are a training and a test part
  std::vector<std::string> notes{};  ///< of tables that are not read
};

/// `train.csv` and `test.csv` if the folder has both, else all its *.csv and *.csv.gz, sorted by
/// name. Errors (kFile): those of EntriesOf(); no table in it.
Result<CsvFolder> TablesIn(const std::filesystem::path& folder);
/// What a table is called as a source of examples: its name without the ending, fit to be printed.
std::string SourceName(const std::filesystem::path& table);

}  // namespace delstep
