#include "base/file_parts.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <vector>

#include "base/crc32.h"

namespace delstep {
namespace {

Error CannotWritePart(const std::string& file) {
  return BadFile(fmt::format("cannot write '{}': {}", file, std::strerror(errno)));
}

/// Closes it. What is written is never read: a page that was read would be written back whole by some
/// network file systems, with what others have written there meanwhile.
class OpenForParts {
 public:
  explicit OpenForParts(const std::string& file, int access = O_WRONLY)
      : descriptor_(open(file.c_str(), access | O_CLOEXEC)) {}
  OpenForParts(const OpenForParts&) = delete;
  OpenForParts& operator=(const OpenForParts&) = delete;
  ~OpenForParts() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

Error CannotReadPart(const std::string& file) {
  return BadFile(fmt::format("cannot read '{}': {}", file, std::strerror(errno)));
}

Error CutPart(const std::string& file) {
  return BadFile(fmt::format("cannot read '{}': it is cut", file));
}

/// Takes from the front of the list what was written.
void DropWritten(std::span<iovec>& list, std::size_t written) {
  while (!list.empty() && written >= list.front().iov_len) {
    written -= list.front().iov_len;
    list = list.subspan(1);
  }
  if (list.empty()) return;
  list.front().iov_base = static_cast<std::byte*>(list.front().iov_base) + written;
  list.front().iov_len -= written;
}

/// False, with errno, where it could not.
bool WriteRun(int descriptor, std::uint64_t at, std::span<iovec> list) {
  while (!list.empty()) {
    const auto count = static_cast<int>(std::min<std::size_t>(list.size(), IOV_MAX));
    const ssize_t written = pwritev(descriptor, list.data(), count, static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written == 0) errno = EIO;  // it says nothing, and would go on so for ever
    if (written <= 0) return false;
    at += static_cast<std::uint64_t>(written);
    DropWritten(list, static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<void> MakeRoom(const std::string& file, std::uint64_t size) {
  const OpenForParts opened(file);
  const auto length = static_cast<off_t>(size);
  if (opened.descriptor() < 0) return CannotWritePart(file);
  if (fallocate(opened.descriptor(), 0, 0, length) == 0) return {};
  struct stat status {};
  // A file system that cannot reserve makes the file longer at least.
  const bool can = errno != EOPNOTSUPP && errno != ENOSYS;
  if (can || fstat(opened.descriptor(), &status) != 0 ||
      (status.st_size < length && ftruncate(opened.descriptor(), length) != 0))
    return CannotWritePart(file);
  return {};
}

bool SeesFile(const std::string& file, std::uint64_t size) {
  struct stat status {};
  return stat(file.c_str(), &status) == 0 && status.st_size >= static_cast<off_t>(size);
}

Result<FileMark> MarkOf(const std::string& file, std::uint64_t from) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return CannotReadPart(file);
  FileMark mark{.size = static_cast<std::uint64_t>(status.st_size), .from = from};
  if (mark.size < from) return CutPart(file);
  std::vector<std::byte> end(mark.size - from);
  const FileRoom room{.at = from, .bytes = end};
  DELSTEP_TRY(ReadParts(file, {&room, 1}));
  mark.check_sum = Crc32(end);
  return mark;
}

// The size first: the end of another file may be long.
bool HasMark(const std::string& file, const FileMark& mark) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0 || static_cast<std::uint64_t>(status.st_size) != mark.size)
    return false;
  const auto here = MarkOf(file, mark.from);
  return here && here->check_sum == mark.check_sum;
}

Result<void> WriteParts(const std::string& file, std::span<const FilePart> parts) {
  const OpenForParts opened(file);
  if (opened.descriptor() < 0) return CannotWritePart(file);
  std::vector<iovec> run;
  std::uint64_t begin = 0, end = 0;  // of the run of parts that follow each other
  const auto write = [&] { return WriteRun(opened.descriptor(), begin, run); };
  for (const FilePart& part : parts) {
    if (part.bytes.empty()) continue;
    if (part.at != end || run.empty()) {
      if (!write()) return CannotWritePart(file);
      run.clear();
      begin = end = part.at;
    }
    run.push_back({const_cast<std::byte*>(part.bytes.data()), part.bytes.size()});
    end += part.bytes.size();
  }
  if (!write() || fsync(opened.descriptor()) != 0) return CannotWritePart(file);
  return {};
}

Result<void> ReadParts(const std::string& file, std::span<const FileRoom> parts) {
  const OpenForParts opened(file, O_RDONLY);
  if (opened.descriptor() < 0) return CannotReadPart(file);
  for (FileRoom part : parts)
    while (!part.bytes.empty()) {
      const ssize_t read = pread(opened.descriptor(), part.bytes.data(), part.bytes.size(),
                                 static_cast<off_t>(part.at));
      if (read < 0 && errno == EINTR) continue;
      if (read < 0) return CannotReadPart(file);
      if (read == 0) return CutPart(file);
      part.at += static_cast<std::uint64_t>(read);
      part.bytes = part.bytes.subspan(static_cast<std::size_t>(read));
    }
  return {};
}

}  // namespace delstep
