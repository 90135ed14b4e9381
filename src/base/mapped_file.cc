#include "base/mapped_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace delstep {

Result<MappedFile> MappedFile::Open(const std::string& path) {
  const auto failed = [&] {
    return BadFile(fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
  };
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failed();
  struct stat status {};
  const bool known = fstat(descriptor, &status) == 0;
  const auto size = static_cast<std::size_t>(status.st_size);
  // A file without a byte cannot be mapped, and needs not to be.
  void* bytes =
      known && size > 0 ? mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0) : MAP_FAILED;
  Error error = failed();
  close(descriptor);
  if (known && size == 0) return MappedFile({});
  if (bytes == MAP_FAILED) return error;
  // Else the system reads far ahead of each place that is looked at.
  madvise(bytes, size, MADV_RANDOM);
  return MappedFile({static_cast<const char*>(bytes), size});
}

MappedFile::MappedFile(MappedFile&& other) noexcept : view_(std::exchange(other.view_, {})) {}

MappedFile::~MappedFile() {
  if (!view_.empty()) munmap(const_cast<char*>(view_.data()), view_.size());
}

}  // namespace delstep
