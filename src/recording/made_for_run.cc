#include "recording/made_for_run.h"

#include <system_error>

namespace delstep {

MadeForRun::MadeForRun(const std::filesystem::path& folder) {
  std::error_code failed;
  // From the folder itself outwards, up to the first that is there.
  for (auto at = std::filesystem::absolute(folder, failed).lexically_normal();
       !failed && !at.empty() && !std::filesystem::exists(at, failed) && at != at.parent_path();
       at = at.parent_path())
    if (at.has_filename()) folders_.push_back(at);
}

MadeForRun::~MadeForRun() {
  std::error_code ignored;
  if (kept_) return;
  for (const auto& file : files_) std::filesystem::remove(file, ignored);
  // The innermost first; one that holds anything else stays.
  for (const auto& made : folders_) std::filesystem::remove(made, ignored);
}

}  // namespace delstep
