#include "user_models/dependencies.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/hash.h"
#include "base/hash_file.h"
#include "base/text.h"

namespace delstep {
namespace {

/// The name in a line such as ` # include "part.h"`; empty: the line is none.
std::string_view IncludedBy(std::string_view line) {
  for (const std::string_view word : {"#", "include", "\""}) {
    line = Trim(line);
    if (!line.starts_with(word)) return {};
    line.remove_prefix(word.size());
  }
  const auto end = line.find('"');
  return end == std::string_view::npos ? std::string_view() : line.substr(0, end);
}

}  // namespace

// The escapes that GCC writes: "\ " for a blank, "\#", "$$", and "\" at the end of a line.
std::vector<std::string> ParseDependencies(std::string_view rule) {
  std::vector<std::string> files;
  std::string file;
  const auto end_file = [&] {
    if (!file.empty()) files.push_back(std::exchange(file, {}));
  };
  for (std::size_t i = std::min(rule.find(':'), rule.size() - 1) + 1; i < rule.size(); ++i) {
    const char c = rule[i];
    const char next = i + 1 < rule.size() ? rule[i + 1] : '\n';
    if (c == '\\' && next == '\n') {
      ++i;
      end_file();
    } else if ((c == '\\' && (next == ' ' || next == '#')) || (c == '$' && next == '$')) {
      file += next;
      ++i;
    } else if (c == ' ' || c == '\n') {
      end_file();
    } else {
      file += c;
    }
  }
  end_file();
  return files;
}

// Files are added while it goes on; headers may include each other.
std::vector<std::string> FilesOfSource(const std::string& source) {
  std::vector<std::string> files = {source};
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::filesystem::path folder = std::filesystem::path(files[i]).parent_path();
    std::error_code failed;
    if (!std::filesystem::is_regular_file(files[i], failed)) continue;
    std::ifstream stream(files[i]);
    for (std::string line; std::getline(stream, line);) {
      const std::string_view name = IncludedBy(line);
      if (name.empty()) continue;
      std::string header = (folder / name).lexically_normal().string();
      if (std::ranges::find(files, header) == files.end()) files.push_back(std::move(header));
    }
  }
  return files;
}

std::optional<std::string> HashFiles(const std::vector<std::string>& files) {
  std::uint64_t hash = 0;
  for (const std::string& file : files) {
    const auto own = HashFile(file, hash);
    if (!own) return std::nullopt;
    hash = *own;
  }
  return HexHash(hash);
}

}  // namespace delstep
