#include "console/terminal/terminal_lines.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/utf8.h"

namespace delstep {

Ready WaitForAny(int input, int wake, int news) {
  for (;;) {
    pollfd waits[3] = {{input, POLLIN, 0}, {wake, POLLIN, 0}, {news, POLLIN, 0}};
    if (poll(waits, 3, -1) < 0) continue;  // EINTR: a change of the window's size, for instance
    // The wake first: a Ctrl-C counts although input waits too.
    if (waits[1].revents != 0) return Ready::kWake;
    if (waits[2].revents != 0) return Ready::kNews;
    if (waits[0].revents != 0) return Ready::kInput;
  }
}

Input LineReader::Read() {
  for (;;) {
    const std::size_t newline = buffer_.find('\n', searched_);
    if (newline != std::string::npos) {
      Input input{Input::Kind::kLine, buffer_.substr(0, newline)};
      buffer_.erase(0, newline + 1);
      searched_ = 0;
      return input;
    }
    searched_ = buffer_.size();
    // A last line without a newline is a line.
    if (ended_) {
      if (buffer_.empty()) return {Input::Kind::kEnd};
      searched_ = 0;
      return {Input::Kind::kLine, std::exchange(buffer_, {})};
    }
    if (!WaitForInput(input_, wake_)) return {Input::Kind::kWoken};
    char bytes[65536];
    const auto count = read(input_, bytes, sizeof bytes);
    if (count > 0) buffer_.append(bytes, static_cast<std::size_t>(count));
    SkipMark();
    ended_ = count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN);
  }
}

/// The byte order mark of UTF-8, which some programs put before all that they write.
void LineReader::SkipMark() {
  if (began_ || (buffer_.size() < kByteOrderMark.size() && kByteOrderMark.starts_with(buffer_)))
    return;
  began_ = true;
  if (buffer_.starts_with(kByteOrderMark)) buffer_.erase(0, kByteOrderMark.size());
}

}  // namespace delstep
