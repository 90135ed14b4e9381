#pragma once
/// One sweep at a time works in a folder.
#include <filesystem>
#include <string>
#include <utility>

#include "delstep/result.h"

namespace delstep {

/// Makes the folder if need be, and holds it as long as this lives. What holds it is a lock on the file
/// `sweep.lock` in it, which has the name of this process and goes when this does. The runs that this
/// process starts meanwhile hold the lock too: where a sweep was killed, the next one does not begin
/// before these have ended. Runs that other processes of `mpirun` start do not hold it; they end with the
/// process that has started them. A file that was left behind without any of these holds nothing.
///
/// Where the file system has no locks, all go on without: sweep.state of each run still tells who has
/// begun it (NoteDone() in sweep_run.h).
class SweepLock {
 public:
  /// Errors: kRefused where another sweep holds the folder, naming it; kFile where the file or the folder
  /// cannot be made.
  static Result<SweepLock> Take(const std::filesystem::path& folder);
  SweepLock(SweepLock&& other) noexcept
      : file_(std::move(other.file_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  SweepLock& operator=(SweepLock&&) = delete;
  ~SweepLock();

  /// Names this process among all that see the folder: "process 4711 on left".
  static std::string Holder();

 private:
  SweepLock(std::filesystem::path file, int descriptor)
      : file_(std::move(file)), descriptor_(descriptor) {}

  std::filesystem::path file_;
  int descriptor_;
};

}  // namespace delstep
