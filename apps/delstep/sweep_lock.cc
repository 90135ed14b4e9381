#include "apps/delstep/sweep_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

#include "base/files.h"
#include "base/host_name.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

Error CannotLock(const fs::path& file, int error) {
  return BadFile(
      fmt::format("cannot write '{}': {}", file.string(), std::generic_category().message(error)));
}

/// Whether the open file is the one that has this name now. Counts of links are not asked: some file
/// systems tell none.
bool IsAt(const fs::path& file, int descriptor) {
  struct stat held {
  }, named{};
  return fstat(descriptor, &held) == 0 && stat(file.c_str(), &named) == 0 &&
         held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

Error HeldByAnother(const fs::path& folder, const fs::path& file) {
  const auto holder = ReadFile(file, 1000);
  return Refused(
      fmt::format("another sweep works in '{}'{}", folder.string(),
                  holder && !holder->empty() ? ": " + *holder : ""),
      "wait for its end, and that of runs that it has left; or choose another folder with --out");
}

}  // namespace

std::string SweepLock::Holder() { return fmt::format("process {} on {}", getpid(), HostName()); }

Result<SweepLock> SweepLock::Take(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed)
    return BadFile(
        fmt::format("cannot make the folder '{}': {}", folder.string(), failed.message()));
  const fs::path file = folder / "sweep.lock";
  // A file system that gives a file another number each time it is asked is no reason to try for ever.
  for (int left = 100;; --left) {
    // Open for writing, as locks on network file systems want it, and in the processes of the runs too.
    const int descriptor = open(file.c_str(), O_RDWR | O_CREAT, 0666);
    if (descriptor < 0) return CannotLock(file, errno);
    SweepLock lock(file, descriptor);
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      lock.file_.clear();
      return HeldByAnother(folder, file);
    }
    // Who held it before may have removed it between the two calls: then nobody else sees this one.
    if (!IsAt(file, descriptor) && left > 0) {
      lock.file_.clear();
      continue;
    }
    const std::string holder = Holder();
    if (ftruncate(descriptor, 0) != 0 ||
        write(descriptor, holder.data(), holder.size()) != static_cast<ssize_t>(holder.size()))
      return CannotLock(file, errno);
    return lock;
  }
}

// Removed while it is held: whoever opens it afterwards makes a new one.
SweepLock::~SweepLock() {
  if (descriptor_ < 0) return;
  std::error_code ignored;
  if (!file_.empty()) fs::remove(file_, ignored);
  close(descriptor_);
}

}  // namespace delstep
