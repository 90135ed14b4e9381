#include "console/terminal/outputs.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>

#include "base/is_terminal.h"
#include "console/terminal/ascii.h"
#include "console/terminal/columns.h"

namespace delstep {
namespace {

constexpr std::size_t kEnough = 1 << 16;

/// How long a reader may rest once the program is to end, in milliseconds.
constexpr int kMostRest = 500;

bool IsRegularFile(int descriptor) {
  struct stat status {};
  return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

/// Waits until something can be written; false: `hurry` is readable, and for a moment nothing could.
bool WaitForRoom(int descriptor, int hurry) {
  for (;;) {
    pollfd waits[2] = {{descriptor, POLLOUT, 0}, {hurry, POLLIN, 0}};
    if (poll(waits, 2, -1) < 0) continue;  // EINTR
    if (waits[0].revents != 0) return true;
    if (waits[1].revents == 0) continue;
    const int ready = poll(waits, 1, kMostRest);
    if (ready >= 0) return ready > 0;
  }
}

/// 0, or errno; ETIMEDOUT: nobody reads, and the program is to end.
int WriteAll(int descriptor, std::string_view text, int hurry) {
  // A write that waits for a reader cannot be left. So the wait comes before it, and it is so short
  // that a pipe with any room takes it whole.
  const bool waits = !IsRegularFile(descriptor);
  while (!text.empty()) {
    if (waits && !WaitForRoom(descriptor, hurry)) return ETIMEDOUT;
    const std::size_t size = waits ? std::min<std::size_t>(text.size(), PIPE_BUF) : text.size();
    const auto written = write(descriptor, text.data(), size);
    if (written >= 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EAGAIN && errno != EINTR)
      return errno;
  }
  return 0;
}

}  // namespace

StandardOutputs::StandardOutputs() : terminal_(IsTerminal(STDOUT_FILENO)) {
  [[maybe_unused]] const int made = pipe2(hurry_, O_CLOEXEC | O_NONBLOCK);
  assert(made == 0);
}

StandardOutputs::~StandardOutputs() {
  Flush();
  close(hurry_[0]);
  close(hurry_[1]);
}

void StandardOutputs::Hurry() { [[maybe_unused]] const auto written = write(hurry_[1], "", 1); }

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
  WriteAll(STDERR_FILENO, ascii_ ? AsciiText(text) : std::string(text), hurry_[0]);
}

void StandardOutputs::Flush() {
  const std::lock_guard lock(mutex_);
  FlushLocked();
}

void StandardOutputs::FlushLocked() {
  if (buffer_.empty()) return;
  if (!gone_) {
    if (before_) before_();
    if (const int failed = WriteAll(STDOUT_FILENO, buffer_, hurry_[0]); failed != 0) {
      gone_ = true;
      // That somebody stopped reading is no error of the run.
      if (failed != EPIPE && failed != ETIMEDOUT)
        failure_ = BadFile(std::string("cannot write standard output: ") + std::strerror(failed));
      if (when_gone_) when_gone_();
    }
  }
  buffer_.clear();
}

std::size_t OutputWidth() { return TerminalColumns(STDOUT_FILENO, 100); }

}  // namespace delstep
