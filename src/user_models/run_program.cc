#include "user_models/run_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace delstep {
namespace {

/// How the child starts: no input, output into `pipe`, signals as the system has them.
class SpawnSettings {
 public:
  explicit SpawnSettings(int pipe) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, pipe, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, pipe, STDERR_FILENO);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

std::string ReadToEnd(int descriptor) {
  std::string text;
  std::array<char, 4096> piece;
  for (;;) {
    const ssize_t got = read(descriptor, piece.data(), piece.size());
    if (got > 0) text.append(piece.data(), static_cast<std::size_t>(got));
    if (got == 0 || (got < 0 && errno != EINTR)) return text;
  }
}

int WaitFor(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Result<ProgramEnd> RunProgram(const std::vector<std::string>& words) {
  const auto failed = [&](int code) {
    return Unavailable(
        fmt::format("cannot start {}: {}", words[0], std::generic_category().message(code)));
  };
  int pipe[2];
  if (pipe2(pipe, O_CLOEXEC) != 0) return failed(errno);
  // Words, not a line for a shell: a file's name cannot become a command.
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  int code = 0;
  {
    const SpawnSettings settings(pipe[1]);
    code = posix_spawn(&child, words[0].c_str(), settings.actions(), settings.attributes(),
                       arguments.data(), environ);
  }
  // Ours must go, or the end of the child's output would never be seen.
  close(pipe[1]);
  ProgramEnd end;
  if (code == 0) {
    end.output = ReadToEnd(pipe[0]);
    end.status = WaitFor(child);
  }
  close(pipe[0]);
  if (code != 0) return failed(code);
  return end;
}

}  // namespace delstep
