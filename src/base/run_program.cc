#include "base/run_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/child_process.h"

namespace delstep {
namespace {

std::string ReadToEnd(int descriptor) {
  std::string text;
  std::array<char, 4096> piece;
  for (;;) {
    const ssize_t got = read(descriptor, piece.data(), piece.size());
    if (got > 0) text.append(piece.data(), static_cast<std::size_t>(got));
    if (got == 0 || (got < 0 && errno != EINTR)) return text;
  }
}

}  // namespace

Result<ProgramEnd> RunProgram(const std::vector<std::string>& words) {
  int pipe[2];
  if (pipe2(pipe, O_CLOEXEC) != 0)
    return Unavailable(
        fmt::format("cannot start {}: {}", words[0], std::generic_category().message(errno)));
  const auto child = StartChild(words, {.output = pipe[1], .error = pipe[1]});
  // Ours must go, or the end of the child's output would never be seen.
  close(pipe[1]);
  ProgramEnd end;
  if (child) {
    end.output = ReadToEnd(pipe[0]);
    end.status = WaitForChild(*child);
  }
  close(pipe[0]);
  if (!child) return child.error();
  return end;
}

}  // namespace delstep
