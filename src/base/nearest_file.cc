#include "base/nearest_file.h"

#include <filesystem>
#include <vector>

#include "base/text.h"

namespace delstep {

std::string NearestFile(const std::string& path, std::string_view ending) {
  namespace fs = std::filesystem;
  // A folder with more files than that takes too long to look through for a hint.
  constexpr std::size_t kMost = 10'000;
  const fs::path wanted = path;
  std::error_code failed;
  if (fs::exists(wanted, failed)) return {};
  const std::string longer = path + std::string(ending);
  if (!ending.empty() && fs::is_regular_file(longer, failed)) return longer;
  const fs::path folder = wanted.parent_path();
  std::vector<std::string> names;
  for (fs::directory_iterator i(folder.empty() ? "." : folder, failed), end;
       !failed && i != end && names.size() < kMost; i.increment(failed))
    if (std::string name = i->path().filename().string();
        !i->is_directory(failed) && Lower(name).ends_with(ending))
      names.push_back(std::move(name));
  const std::string near(Nearest(wanted.filename().string(), names));
  return near.empty() ? near : (folder / near).string();
}

}  // namespace delstep
