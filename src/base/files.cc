#include "base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "base/file_kind.h"
#include "base/file_parts.h"
#include "base/plain_text.h"
#include "base/text.h"
#include "base/utf8.h"

namespace delstep {
namespace {

Error CannotRead(const std::filesystem::path& path) {
  // errno is asked first: putting the message together may change it.
  const std::string reason = OpenFailure(path, errno);
  return BadFile(fmt::format("cannot read '{}': {}", path.string(), reason));
}

/// The home folder of the user of this name, of the present one if it is empty; empty if there is
/// no such user.
std::string HomeOf(const std::string& user) {
  if (user.empty())
    if (const char* const home = std::getenv("HOME"); home != nullptr && *home != '\0') return home;
  const passwd* const entry = user.empty() ? getpwuid(getuid()) : getpwnam(user.c_str());
  return entry != nullptr && entry->pw_dir != nullptr ? entry->pw_dir : "";
}

Error CannotWrite(const std::string& path) {
  const int reason = errno;
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return BadFile(fmt::format("cannot write '{}': {}", path, std::strerror(reason)),
                 reason == ENOENT && !folder.empty()
                     ? fmt::format("the folder '{}' is not there: make it first", folder)
                     : "");
}

/// Of a file that is written for the time being, between the name of the file to be and six letters and
/// digits. Nobody else calls a file so: what is left of one may be removed.
constexpr std::string_view kPart = ".part-";
constexpr std::size_t kRandom = 6;

/// A file that is removed again unless it was renamed.
/// Beside the file that it will replace, since a rename does not cross file systems. It is locked as long as
/// it is written, so that one which was left behind is told from one in use.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& path) {
    struct stat status {};
    do {
      if (descriptor_ >= 0) close(descriptor_);
      name_ = path + std::string(kPart) + std::string(kRandom, 'X');
      descriptor_ = mkostemp(name_.data(), O_CLOEXEC);
      // Somebody may have taken it for a left one before it was locked, and have removed it.
    } while (descriptor_ >= 0 && flock(descriptor_, LOCK_EX) == 0 &&
             fstat(descriptor_, &status) == 0 && status.st_nlink == 0);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) close(descriptor_);
    if (descriptor_ >= 0 && !kept_) unlink(name_.c_str());
  }

  bool is_open() const { return descriptor_ >= 0; }
  const std::string& name() const { return name_; }

  /// On the disk before the rename: after a power cut there is the old file or the new one, never
  /// half a file. False, with errno, where the file failed; errors of `write` are its own.
  Result<bool> Write(const std::function<Result<void>(std::ostream&, const std::string&)>& write,
                     mode_t mode) {
    std::ofstream stream(name_, std::ios::binary);
    DELSTEP_TRY(write(stream, name_));
    stream.close();
    return stream && fchmod(descriptor_, mode) == 0 && fsync(descriptor_) == 0;
  }

  bool RenameTo(const std::string& path) {
    kept_ = rename(name_.c_str(), path.c_str()) == 0;
    return kept_;
  }

 private:
  std::string name_;
  int descriptor_ = -1;
  bool kept_ = false;
};

/// What processes have left that were killed while they wrote this file. Where nothing can be locked, nothing
/// is removed.
void RemoveLeftParts(const std::filesystem::path& path) {
  const std::string begin = path.filename().string() + std::string(kPart);
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::error_code failed;
  std::vector<std::filesystem::path> left;
  for (std::filesystem::directory_iterator i(folder, failed), end; !failed && i != end;
       i.increment(failed)) {
    const std::string name = i->path().filename().string();
    if (name.starts_with(begin) && name.size() == begin.size() + kRandom) left.push_back(i->path());
  }
  for (const std::filesystem::path& part : left) {
    const int descriptor = open(part.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) continue;
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) unlink(part.c_str());
    close(descriptor);
  }
}

/// That of the file to be replaced, else what a new file gets.
mode_t ModeFor(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0) return status.st_mode & 0777;
  // The mask can only be read by setting it.
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

/// The file that a chain of links leads to, be it there or not.
std::filesystem::path BehindLinks(std::filesystem::path path) {
  constexpr int kMostLinks = 40;  // as many as Linux follows
  std::error_code error;
  for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(path, error); ++i) {
    const auto target = std::filesystem::read_symlink(path, error);
    if (error) break;
    path = path.parent_path() / target;  // an absolute target takes the place of the whole path
  }
  return path;
}

}  // namespace

Result<std::string> ReadFile(const std::filesystem::path& path, std::size_t most) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) return CannotRead(path);
  std::string text;
  char part[1 << 16];
  // By parts to the end, as a pipe does not tell its size.
  while (const std::size_t size = std::fread(part, 1, sizeof part, file.get())) {
    if (size > most - text.size())
      return BadFile(fmt::format("'{}' is larger than {}, the most that is read of such a file",
                                 path.string(), HumanBytes(most)));
    text.append(part, size);
  }
  if (std::ferror(file.get()) != 0) return CannotRead(path);
  if (auto stand_in = StandIn(text, path.string())) return *std::move(stand_in);
  return text;
}

Result<std::string> ReadText(const std::filesystem::path& path, std::size_t most) {
  DELSTEP_ASSIGN(std::string text, ReadFile(path, most));
  return PlainText(std::move(text), path);
}

std::string ExpandHome(std::string_view path) {
  if (!path.starts_with('~')) return std::string(path);
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::string home = HomeOf(std::string(path.substr(1, slash - 1)));
  return home.empty() ? std::string(path) : home + std::string(path.substr(slash));
}

bool EndsEarly(std::string_view path) { return path.find('\0') != std::string_view::npos; }

Result<void> CheckHome(std::string_view path) {
  const auto slash = path.find('/');
  if (!path.starts_with('~') || slash == std::string_view::npos) return {};
  return BadFile(fmt::format("'{}': there is no user '{}'", path, path.substr(1, slash - 1)),
                 fmt::format("of a folder that has this name: './{}'", path));
}

std::string OpenFailure(const std::filesystem::path& path, int error) {
  if (error == EISDIR) return "it is a folder";
  std::error_code failed;
  if (error == ENOENT && std::filesystem::is_symlink(path, failed)) {
    const auto target = std::filesystem::read_symlink(path, failed);
    return fmt::format("it is a link to '{}', which is not there{}", target.string(),
                       target.string().find("annex/objects") == std::string::npos
                           ? ""
                           : " (git annex get fetches it)");
  }
  return std::strerror(error);
}

namespace {

enum class LeftParts { kStay, kGo };

Result<void> Replace(const std::string& path, LeftParts left,
                     const std::function<Result<void>(std::ostream&, const std::string&)>& write) {
  std::error_code error;
  // A link stays a link, and what it leads to is replaced.
  const std::string place = BehindLinks(path).string();
  const auto status = std::filesystem::status(place, error);
  if (std::filesystem::is_directory(status))
    return BadFile(fmt::format("cannot write '{}': it is a folder", path));
  // A rename onto it would take the device or pipe away from all others.
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    return BadFile(fmt::format("cannot write '{}': it is a device or pipe, no regular file", path),
                   "write into a file, and copy that: cat FILE > " + path);
  DELSTEP_TRY(CheckHome(path));
  if (left == LeftParts::kGo) RemoveLeftParts(place);  // first: the disk may need their room
  TemporaryFile file(place);
  if (!file.is_open()) return CannotWrite(path);
  auto written = file.Write(write, ModeFor(place));
  if (!written) {
    // Nobody knows the file by the name that it has lost.
    Error failed = std::move(written).error();
    if (const auto at = failed.message.find(file.name()); at != std::string::npos)
      failed.message.replace(at, file.name().size(), place);
    return failed;
  }
  if (!*written || !file.RenameTo(place)) return CannotWrite(path);
  return {};
}

}  // namespace

Result<void> ReplaceFileTogether(
    const std::string& path,
    const std::function<Result<void>(std::ostream&, const std::string&)>& write) {
  return Replace(path, LeftParts::kGo, write);
}

// Small files are written in no time, and often: no folder is looked through for them.
Result<void> ReplaceFile(const std::string& path, const std::function<void(std::ostream&)>& write) {
  return Replace(path, LeftParts::kStay,
                 [&](std::ostream& out, const std::string&) -> Result<void> {
                   write(out);
                   return {};
                 });
}

Result<void> ReplaceFile(const std::string& path, std::string_view text) {
  return ReplaceFile(path, [text](std::ostream& out) {
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
  });
}

}  // namespace delstep
