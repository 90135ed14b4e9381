#include "network/remote/error_tail.h"

#include <unistd.h>

#include <cerrno>

#include "base/text.h"

namespace delstep::remote {

void ErrorTail::Read() {
  const std::lock_guard lock(mutex_);
  std::array<char, kKept> piece;
  // Bounded: who writes without end is read again at the next look.
  for (int pieces = 0; pieces < 64; ++pieces) {
    const ssize_t got = read(pipe_.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) closed_ = true;
    if (got <= 0) return;
    tail_.append(piece.data(), static_cast<std::size_t>(got));
    // Only the end is of interest: what a program says last is why it went.
    if (tail_.size() > kKept) tail_.erase(0, tail_.size() - kKept);
  }
}

std::string ErrorTail::LastLine() const {
  const std::lock_guard lock(mutex_);
  std::string last;
  for (const std::string_view line : Split(tail_, '\n'))
    if (!Trim(line).empty()) last = Trim(line);
  return last;
}

}  // namespace delstep::remote
