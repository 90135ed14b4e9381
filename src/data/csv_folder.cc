#include "data/csv_folder.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "data/folder.h"

namespace delstep {

namespace fs = std::filesystem;

Result<CsvFolder> TablesIn(const fs::path& folder) {
  DELSTEP_ASSIGN(const std::vector<fs::path> entries, EntriesOf(folder));
  std::vector<fs::path> files;
  std::array<fs::path, 2> parts;
  for (const fs::path& entry : entries) {
    const std::string name = Lower(entry.filename().string());
    if (!name.ends_with(".csv") && !name.ends_with(".csv.gz")) continue;
    files.push_back(entry);
    if (name.starts_with("train.csv")) parts[0] = entry;
    if (name.starts_with("test.csv")) parts[1] = entry;
  }
  if (files.empty()) {
    return BadFile(fmt::format("folder '{}' holds no .csv file", folder.string()),
                   "set data.path to a .csv file or to a folder with some");
  }
  if (parts[0].empty() || parts[1].empty()) return CsvFolder{.files = std::move(files)};
  CsvFolder split{.files = {parts.begin(), parts.end()}, .is_split = true};
  for (const fs::path& file : files)
    if (file != parts[0] && file != parts[1])
      split.notes.push_back(fmt::format(
          "'{}' is not read: train.csv and test.csv beside it are the data set", file.string()));
  return split;
}

std::string SourceName(const fs::path& table) {
  const std::string name = table.filename().string();
  return Printable(name.substr(0, Lower(name).rfind(".csv")));
}

}  // namespace delstep
