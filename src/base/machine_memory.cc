#include "base/machine_memory.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace delstep {
namespace {

/// The limit of a container; 0: none, or not told.
std::uint64_t ContainerLimit() {
  std::uint64_t limit = 0;
  for (const char* file :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream text(file);
    if (text >> limit) return limit;  // "max" is no number: no limit
  }
  return 0;
}

}  // namespace

std::uint64_t MachineMemory() {
  static const std::uint64_t bytes = [] {
    const auto whole = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                       static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    const std::uint64_t limit = ContainerLimit();
    return limit == 0 ? whole : std::min(whole, limit);
  }();
  return bytes;
}

}  // namespace delstep
