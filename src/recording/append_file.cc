#include "recording/append_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace delstep {

Result<AppendFile> AppendFile::Create(const std::filesystem::path& path) {
  // O_EXCL: two runs that begin at once cannot both think that the file is theirs.
  const int descriptor =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor >= 0) return AppendFile(path, descriptor);
  if (errno == EEXIST) return Refused("'" + path.string() + "' exists already");
  return BadFile("cannot make '" + path.string() + "': " + std::strerror(errno));
}

AppendFile::~AppendFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

Result<void> AppendFile::Append(std::string_view text) {
  while (!text.empty()) {
    const auto written = write(descriptor_, text.data(), text.size());
    // A signal came first; nothing was written.
    if (written < 0 && errno == EINTR) continue;
    if (written < 0)
      return BadFile("cannot write '" + path_.string() + "': " + std::strerror(errno));
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace delstep
