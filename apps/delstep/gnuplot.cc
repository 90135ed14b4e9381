#include "apps/delstep/gnuplot.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

#include "base/child_process.h"
#include "base/text.h"

namespace delstep {
namespace {

/// Bytes that have a descriptor and no name. Other than a pipe it takes any amount, so that nobody
/// waits for anybody.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("delstep-plot", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int descriptor() const { return descriptor_; }

  /// To be read from its beginning on.
  bool Write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return lseek(descriptor_, 0, SEEK_SET) == 0;
  }

  std::string ReadAll() const {
    std::string text;
    std::array<char, 1 << 16> piece;
    for (off_t at = 0;;) {
      const ssize_t got = pread(descriptor_, piece.data(), piece.size(), at);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return text;
      text.append(piece.data(), static_cast<std::size_t>(got));
      at += got;
    }
  }

 private:
  int descriptor_;
};

constexpr const char* kOtherTools = "`delstep plot DIR --data` prints the values for another tool";

}  // namespace

Result<std::string> RunGnuplot(const std::string& script) {
  MemoryFile input, output, messages;
  if (input.descriptor() < 0 || output.descriptor() < 0 || messages.descriptor() < 0 ||
      !input.Write(script))
    return Unavailable(
        fmt::format("cannot run gnuplot: {}", std::generic_category().message(errno)));
  // -d: without the files of settings that the user may have.
  const auto child = StartChild(
      {"gnuplot", "-d"},
      {.output = output.descriptor(), .error = messages.descriptor(), .input = input.descriptor()});
  if (!child)
    return Unavailable(child.error().message + ", which draws the pictures",
                       fmt::format("install it: apt-get install gnuplot-nox; {}", kOtherTools));
  const int status = WaitForChild(*child);
  std::string picture = output.ReadAll();
  if (status == 0 && !picture.empty()) return picture;
  const std::string said = messages.ReadAll();
  std::string first;
  for (const std::string_view line : Split(said, '\n'))
    // Above its message it repeats the line of the script, with a mark below.
    if (first.empty() && line.find("line ") != std::string_view::npos) first = Trim(line);
  return Unavailable(fmt::format("gnuplot ended with {} and drew nothing{}{}", status,
                                 first.empty() ? "" : ": ", first),
                     kOtherTools);
}

Result<std::string> GnuplotVersion() {
  // It prints to standard error unless told otherwise.
  DELSTEP_ASSIGN(const std::string version,
                 RunGnuplot("set print '-'\nprint sprintf('gnuplot %.1f patchlevel %s', "
                            "GPVAL_VERSION, GPVAL_PATCHLEVEL)\n"));
  return std::string(Trim(version));
}

}  // namespace delstep
