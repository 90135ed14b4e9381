#include "base/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "base/is_terminal.h"

namespace delstep {
namespace {

constexpr int kChannel = 3;
/// Has the number of the process that started this one and takes it along.
constexpr const char* kParent = "DELSTEP_PARENT";

/// How the child starts: its streams, and signals as the system has them.
class SpawnSettings {
 public:
  explicit SpawnSettings(const ChildStreams& streams) {
    posix_spawn_file_actions_init(&actions_);
    Give(streams.input, STDIN_FILENO, O_RDONLY);
    Give(streams.output, STDOUT_FILENO, O_WRONLY);
    Give(streams.error, STDERR_FILENO, O_WRONLY);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (streams.channel >= 0) {
      posix_spawn_file_actions_adddup2(&actions_, streams.channel, kChannel);
      posix_spawn_file_actions_addclosefrom_np(&actions_, kChannel + 1);
    }
    if (streams.channel >= 0 || streams.own_group) {
      posix_spawnattr_setpgroup(&attributes_, 0);
      flags |= POSIX_SPAWN_SETPGROUP;
    }
    posix_spawnattr_setflags(&attributes_, flags);
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
  void Give(int ours, int theirs, int mode) {
    if (ours < 0)
      posix_spawn_file_actions_addopen(&actions_, theirs, "/dev/null", mode, 0);
    else
      posix_spawn_file_actions_adddup2(&actions_, ours, theirs);
  }

  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

/// Without what a starter of MPI programs tells its processes: a program that found it would wait for
/// the others, or warn that there are others.
std::vector<char*> EnvironmentOfChild() {
  std::vector<char*> kept;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const bool is_mpi = text.starts_with("OMPI_") || text.starts_with("PMIX_") ||
                        text.starts_with("PMI_") || text.starts_with(kTasksOfStep);
    if (!is_mpi) kept.push_back(*variable);
  }
  kept.push_back(nullptr);
  return kept;
}

}  // namespace

Result<pid_t> StartChild(const std::vector<std::string>& words, const ChildStreams& streams) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const SpawnSettings settings(streams);
  std::vector<char*> environment = EnvironmentOfChild();
  std::vector<std::string> more;
  if (streams.ends_with_us) more.push_back(fmt::format("{}={}", kParent, getpid()));
  for (const auto& [name, value] : streams.variables)
    more.push_back(fmt::format("{}={}", name, value));
  for (std::string& variable : more) environment.insert(environment.end() - 1, variable.data());
  const int code = posix_spawnp(&child, words[0].c_str(), settings.actions(), settings.attributes(),
                                arguments.data(), environment.data());
  if (code != 0)
    return Unavailable(
        fmt::format("cannot start {}: {}", words[0], std::generic_category().message(code)));
  return child;
}

// The system can tell a process of its parent's end, but only the process itself can ask for that.
void EndWithParent() {
  const char* const parent = std::getenv(kParent);
  if (parent == nullptr) return;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  // It may have gone before that was asked for.
  if (getppid() != std::atoi(parent)) raise(SIGTERM);
  unsetenv(kParent);  // whom we start is told by us, or not at all
}

int WaitForChild(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace delstep
