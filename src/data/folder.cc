#include "data/folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "archive/byte_source.h"
#include "base/text.h"

namespace delstep {

namespace fs = std::filesystem;

bool IsFolder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

namespace {

/// What systems and their tools leave in folders; it is no one's data.
bool IsLeftover(const std::string& name) {
  constexpr std::array<std::string_view, 6> kLeftovers = {
      "__MACOSX",   "@eaDir",     "$RECYCLE.BIN", "System Volume Information",
      "lost+found", "__pycache__"};
  return name.starts_with('.') || std::ranges::find(kLeftovers, name) != kLeftovers.end();
}

/// A file where a folder is meant: an archive of it, or one of its files.
Error NoFolder(const fs::path& path) {
  if (auto file = FileSource::Open(path); !file) return std::move(file).error();
  return BadFile(fmt::format("'{}' is a file, expected a folder", path.string()),
                 fmt::format("name the folder that holds it: '{}'",
                             fs::absolute(path).lexically_normal().parent_path().string()));
}

}  // namespace

Result<std::vector<fs::path>> EntriesOf(const fs::path& folder) {
  std::error_code error;
  if (fs::is_regular_file(folder, error)) return NoFolder(folder);
  std::vector<fs::path> entries;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error))
    if (!IsLeftover(entry->path().filename().string())) entries.push_back(entry->path());
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
