#include "user_models/dependencies.h"

#include <algorithm>
#include <utility>

#include "base/files.h"
#include "base/hash.h"

namespace delstep {

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

std::optional<std::string> HashFiles(const std::vector<std::string>& files) {
  std::uint64_t hash = 0;
  for (const std::string& file : files) {
    const auto text = ReadFile(file);
    if (!text) return std::nullopt;
    hash = HashText(*text, hash);
  }
  return HexHash(hash);
}

}  // namespace delstep
