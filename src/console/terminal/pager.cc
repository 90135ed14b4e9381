#include "console/terminal/pager.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace delstep {
namespace {

/// What a shell says for a command that it does not find, or may not run.
constexpr int kNotFound = 127, kNotRunnable = 126;

/// In the child, between fork and exec: only what a signal handler might call, too.
[[noreturn]] void BecomePager(const char* command, int text) {
  dup2(text, STDIN_FILENO);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  execl("/bin/sh", "sh", "-c", command, static_cast<char*>(nullptr));
  _exit(kNotFound);
}

/// A reader who has seen enough closes the pipe, which is no error.
void WriteText(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

std::string PagerCommand() {
  const char* terminal = std::getenv("TERM");
  if (terminal == nullptr || std::strcmp(terminal, "dumb") == 0) return {};
  const char* pager = std::getenv("PAGER");
  if (pager == nullptr) return "less -FRX";
  return std::strcmp(pager, "cat") == 0 ? std::string() : std::string(pager);
}

bool IsLongerThanTerminal(std::string_view text) {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return false;
  return std::ranges::count(text, '\n') >= std::ptrdiff_t{size.ws_row};
}

bool ShowInPager(const std::string& command, std::string_view text) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  const pid_t child = fork();
  if (child == 0) BecomePager(command.c_str(), ends[0]);
  close(ends[0]);
  if (child > 0) WriteText(ends[1], text);
  close(ends[1]);
  if (child < 0) return false;
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return false;
  return !WIFEXITED(status) ||
         (WEXITSTATUS(status) != kNotFound && WEXITSTATUS(status) != kNotRunnable);
}

}  // namespace delstep
