#include "data/folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "archive/byte_source.h"
#include "base/text.h"

namespace delstep {

namespace fs = std::filesystem;

bool IsFolder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

Result<std::vector<fs::path>> EntriesOf(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> entries;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error))
    if (!entry->path().filename().string().starts_with('.')) entries.push_back(entry->path());
  if (error) {
    return BadFile(fmt::format("cannot read folder '{}': {}", folder.string(), error.message()),
                   "check data.path and its permissions");
  }
  // The order of a file system is not the same everywhere; bytes of names are.
  std::ranges::sort(entries, {}, [](const fs::path& path) { return path.filename().string(); });
  return entries;
}

Result<std::vector<fs::path>> FilesAt(const fs::path& path, std::string_view ending) {
  if (!IsFolder(path)) return std::vector<fs::path>{path};
  DELSTEP_ASSIGN(std::vector<fs::path> entries, EntriesOf(path));
  std::erase_if(entries, [ending](const fs::path& entry) {
    return Lower(entry.extension().string()) != ending;
  });
  if (entries.empty()) {
    return BadFile(fmt::format("folder '{}' holds no {} file", path.string(), ending),
                   "check data.path");
  }
  return entries;
}

Result<ByteBuffer> ReadWhole(const fs::path& path, std::uint64_t most) {
  DELSTEP_ASSIGN(FileSource source, FileSource::Open(path));
  const std::uint64_t size = source.remaining().value_or(0);
  if (size > most) {
    return BadFile(fmt::format("'{}' holds {}, expected at most {}", path.string(),
                               HumanBytes(size), HumanBytes(most)));
  }
  ByteBuffer content;
  DELSTEP_TRY(Append(source, size, content));
  return content;
}

}  // namespace delstep
