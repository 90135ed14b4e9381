#include "archive/open_regular.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/file_kind.h"
#include "base/files.h"

namespace delstep {
namespace {

/// Why the open file is of no use; nothing if it may be read.
std::optional<Error> Unfit(const std::filesystem::path& path, int descriptor,
                           const struct stat& status, std::string_view takes) {
  if (!S_ISREG(status.st_mode)) {
    return BadFile(fmt::format("'{}' is {}, expected a regular file", path.string(),
                               S_ISDIR(status.st_mode) ? "a folder" : "a device or pipe"),
                   S_ISDIR(status.st_mode) ? "name the file itself"
                                           : "write the content into a file, and name that");
  }
  if (status.st_size == 0) {
    return BadFile(fmt::format("'{}' is empty: it holds 0 bytes", path.string()),
                   "the copy or download of it was cut off: fetch or write it again");
  }
  std::array<char, kKindBytes> beginning;
  // A file that cannot be read says so later, when it is read.
  const ssize_t got = ::pread(descriptor, beginning.data(), beginning.size(), 0);
  if (got <= 0) return std::nullopt;
  return OtherKind({beginning.data(), static_cast<std::size_t>(got)}, path.string(), takes);
}

}  // namespace

Result<OpenFile> OpenRegular(const std::filesystem::path& path, std::string_view takes) {
  // O_NONBLOCK: a pipe without a writer must not keep the program waiting.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    return BadFile(fmt::format("cannot open '{}': {}", path.string(), OpenFailure(path, errno)),
                   "check the path and its permissions");
  }
  struct stat status {};
  std::optional<Error> error;
  if (::fstat(descriptor, &status) != 0) {
    error = BadFile(
        fmt::format("cannot read '{}': {}", path.string(), std::generic_category().message(errno)));
  } else {
    error = Unfit(path, descriptor, status, takes);
  }
  if (!error) return OpenFile{descriptor, static_cast<std::uint64_t>(status.st_size)};
  ::close(descriptor);
  return *std::move(error);
}

}  // namespace delstep
