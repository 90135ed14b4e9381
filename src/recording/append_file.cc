#include "recording/append_file.h"

#include <fcntl.h>
#include <sys/stat.h>
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
  const std::string_view whole = text;
  while (!text.empty()) {
    const auto written = write(descriptor_, text.data(), text.size());
    // A signal came first; nothing was written.
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const Error error = BadFile("cannot write '" + path_.string() + "': " + std::strerror(errno));
      DropCutLine(whole.substr(0, whole.size() - text.size()));
      return error;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// Where the disk is full or the file may not grow, the last line was cut somewhere. `written` is
/// what the file has of a text.
void AppendFile::DropCutLine(std::string_view written) {
  const std::size_t cut = written.size() - (written.rfind('\n') + 1);  // npos + 1 is 0
  struct stat status {};
  if (cut == 0 || fstat(descriptor_, &status) != 0) return;
  [[maybe_unused]] const int dropped =
      ftruncate(descriptor_, status.st_size - static_cast<off_t>(cut));
}

}  // namespace delstep
