#include "core/engine/made_parts.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/hash.h"
#include "base/hash_file.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

/// A model may be a folder: of that all files in it, with their names.
PartContent HashOfPath(const std::string& path) {
  std::error_code failed;
  if (!fs::is_directory(path, failed)) return HashFile(path).value_or(0);
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator i(path, failed), end; !failed && i != end;
       i.increment(failed))
    if (i->is_regular_file(failed)) files.push_back(i->path());
  std::ranges::sort(files);  // folders give their files in any order
  PartContent hash = 0;
  for (const fs::path& file : files) {
    hash = HashText(file.lexically_relative(path).string(), hash);
    hash = HashFile(file, hash).value_or(hash);
  }
  return hash;
}

}  // namespace

PartContent ContentOf(const Registry& registry, const std::string& file) {
  const auto source = registry.hash_source ? registry.hash_source(file) : std::nullopt;
  return source ? *source : HashOfPath(file);
}

// By name: another name is another setting, which the hash of the world tells apart.
bool IsSameCode(const MadeParts* a, const MadeParts* b) {
  if (a == nullptr || b == nullptr) return true;
  if (a->rule && b->rule && a->rule->name == b->rule->name && a->rule->content != b->rule->content)
    return false;
  return std::ranges::all_of(a->behaviours, [&](const auto& named) {
    const auto other = b->behaviours.find(named.first);
    return other == b->behaviours.end() || other->second->content == named.second->content;
  });
}

}  // namespace delstep
