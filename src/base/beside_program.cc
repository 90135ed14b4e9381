#include "base/beside_program.h"

#include <system_error>

namespace delstep {

std::filesystem::path BesideProgram(const std::filesystem::path& built) {
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  const auto beside = program.parent_path() / built.filename();
  return !failed && std::filesystem::exists(beside, failed) ? beside : built;
}

}  // namespace delstep
