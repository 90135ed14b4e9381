#include "base/run_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stop_token>
#include <system_error>

#include "base/child_process.h"
#include "base/current_stop.h"

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

/// The program's process begins as a shell, which leaves a watcher beside the program: at the end of
/// what it reads, which comes when we have gone, it ends the group, and then removes the folder $0.
/// Only a process of its own can: nobody tells us of a SIGKILL. It keeps fd 3 for itself, as a shell
/// gives a process in the background an empty standard input.
constexpr const char* kWatched = R"sh(exec 3<&0
(
  trap '' HUP INT TERM
  read -r line <&3 && exit
  kill -TERM 0
  while kill -0 $$; do sleep 0.1; done
  [ -z "$0" ] || rm -rf -- "$0"
) >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-)sh";

/// Two descriptors that are connected, closed with this; below 0 where they could not be made.
class Ends {
 public:
  explicit Ends(int (*make)(int* both)) {
    int both[2];
    if (make(both) == 0) ours = both[0], theirs = both[1];
  }
  ~Ends() {
    CloseTheirs();
    if (ours >= 0) close(ours);
  }
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;

  void CloseTheirs() {
    if (theirs >= 0) close(theirs);
    theirs = -1;
  }

  int ours = -1, theirs = -1;
};

}  // namespace

Result<ProgramEnd> RunProgram(const std::vector<std::string>& words,
                              const std::filesystem::path& scratch) {
  Ends output([](int* both) { return pipe2(both, O_CLOEXEC); });
  // Not a pipe, as to write when nobody reads raises no signal then.
  Ends life([](int* both) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both); });
  if (output.ours < 0 || life.ours < 0)
    return Unavailable(
        fmt::format("cannot start {}: {}", words[0], std::generic_category().message(errno)));
  std::vector<std::string> watched = {"/bin/sh", "-c", kWatched, scratch.string()};
  watched.insert(watched.end(), words.begin(), words.end());
  DELSTEP_ASSIGN(const pid_t child, StartChild(watched, {.output = output.theirs,
                                                         .error = output.theirs,
                                                         .input = life.theirs,
                                                         .own_group = true}));
  // Ours must go, or the end of the child's output would never be seen.
  output.CloseTheirs();
  life.CloseTheirs();
  const std::stop_token stop = CurrentStop::Token();
  // While the watcher lives there is the group.
  const std::stop_callback end_group(stop, [child] { kill(-child, SIGTERM); });
  ProgramEnd end;
  end.output = ReadToEnd(output.ours);
  end.status = WaitForChild(child);
  // The watcher's work is done; it may have ended already.
  [[maybe_unused]] const auto sent = send(life.ours, "\n", 1, MSG_NOSIGNAL);
  if (stop.stop_requested())
    return Error{ErrorCode::kInterrupted, fmt::format("stopped while {} ran", words[0])};
  return end;
}

}  // namespace delstep
