#include "base/beside_program.h"

#include <system_error>

namespace delstep {
namespace {

namespace fs = std::filesystem;

/// Empty if the system does not tell.
fs::path FolderOfProgram() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  return failed ? fs::path() : program.parent_path();
}

}  // namespace

fs::path InstalledUnder() {
  const fs::path folder = FolderOfProgram();
  if (folder.filename() != "bin") return {};
  std::error_code failed;
  const fs::path prefix = folder.parent_path();
  return fs::is_directory(prefix / "share/delstep", failed) ? prefix : fs::path();
}

fs::path BesideProgram(const fs::path& built, const fs::path& installed) {
  std::error_code failed;
  if (const fs::path folder = FolderOfProgram(); !folder.empty())
    if (const fs::path beside = folder / built.filename(); fs::exists(beside, failed))
      return beside;
  const fs::path prefix = InstalledUnder();
  if (prefix.empty()) return built;
  // Not where it was built, even if something is there: that may be of another version by now.
  return prefix / "lib/delstep" / (installed.empty() ? built.filename() : installed);
}

}  // namespace delstep
