#include "console/terminal/outputs.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "console/terminal/ascii.h"
#include "console/terminal/columns.h"

namespace delstep {
namespace {

constexpr std::size_t kEnough = 1 << 16;

/// 0, or errno.
int WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd wait{descriptor, POLLOUT, 0};
      poll(&wait, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

StandardOutputs::StandardOutputs() : terminal_(isatty(STDOUT_FILENO) != 0) {}

void StandardOutputs::Out(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (ascii_)
    buffer_ += AsciiText(text);
  else
    buffer_ += text;
  if (terminal_ || buffer_.size() >= kEnough) FlushLocked();
}

void StandardOutputs::Err(std::string_view text) {
  const std::lock_guard lock(mutex_);
  FlushLocked();
  if (gone_ && !failure_) return;
  if (before_) before_();
  WriteAll(STDERR_FILENO, ascii_ ? AsciiText(text) : std::string(text));
}

void StandardOutputs::Flush() {
  const std::lock_guard lock(mutex_);
  FlushLocked();
}

void StandardOutputs::FlushLocked() {
  if (buffer_.empty()) return;
  if (!gone_) {
    if (before_) before_();
    if (const int failed = WriteAll(STDOUT_FILENO, buffer_); failed != 0) {
      gone_ = true;
      // That somebody stopped reading is no error of the run.
      if (failed != EPIPE)
        failure_ = BadFile(std::string("cannot write standard output: ") + std::strerror(failed));
      if (when_gone_) when_gone_();
    }
  }
  buffer_.clear();
}

std::size_t OutputWidth() { return TerminalColumns(STDOUT_FILENO, 100); }

}  // namespace delstep
