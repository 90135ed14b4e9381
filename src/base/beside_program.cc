#include "base/beside_program.h"

#include <dlfcn.h>
#include <link.h>

#include <system_error>

namespace delstep {
namespace {

namespace fs = std::filesystem;

/// The file that this code lies in: the program, or the library of a process that is not ours.
/// Empty if the system does not tell.
fs::path FileOfThisCode() {
  Dl_info info{};
  link_map* file = nullptr;
  const int found = dladdr1(reinterpret_cast<const void*>(&BesideProgram), &info,
                            reinterpret_cast<void**>(&file), RTLD_DL_LINKMAP);
  // The program itself has no name there.
  if (found != 0 && file != nullptr && file->l_name[0] != '\0') return fs::absolute(file->l_name);
  std::error_code failed;
  return fs::read_symlink("/proc/self/exe", failed);
}

const fs::path& FolderOfProgram() {
  static const fs::path folder = FileOfThisCode().parent_path();
  return folder;
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
