#include "base/run_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
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

/// Beside the program the shell starts a watcher, which ends the group at the end of what it reads:
/// that comes when we have gone. The shell outlives both, and then removes the folder $0. Only a
/// process of its own can do that: nobody tells us of a SIGKILL. The watcher reads from 3, as a
/// shell gives what it starts in the background an empty standard input.
constexpr const char* kWatched = R"sh(stopped=
trap stopped=yes HUP INT TERM
exec 3<&0 4>&2 2>/dev/null  # what the shell itself says would end it by SIGPIPE without a reader
{ read -r line; kill -TERM 0; } <&3 >/dev/null 4>&- &
(exec "$@" </dev/null 2>&4 3<&- 4>&-)
status=$?
kill -KILL $!
wait $!
[ -z "$stopped" ] || rm -rf -- "$0"
exit $status)sh";

struct Pipe {
  Pipe() {
    int both[2];
    if (pipe2(both, O_CLOEXEC) == 0) read = both[0], write = both[1];
  }
  ~Pipe() {
    Close(read);
    Close(write);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  static void Close(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }

  int read = -1, write = -1;  // below 0 where there is none
};

}  // namespace

Result<ProgramEnd> RunProgram(const std::vector<std::string>& words,
                              const std::filesystem::path& scratch) {
  Pipe output, life;
  if (output.read < 0 || life.read < 0)
    return Unavailable(
        fmt::format("cannot start {}: {}", words[0], std::generic_category().message(errno)));
  std::vector<std::string> watched = {"/bin/sh", "-c", kWatched, scratch.string()};
  watched.insert(watched.end(), words.begin(), words.end());
  DELSTEP_ASSIGN(const pid_t child, StartChild(watched, {.output = output.write,
                                                         .error = output.write,
                                                         .input = life.read,
                                                         .own_group = true}));
  // Ours must go, or the end of the child's output would never be seen.
  Pipe::Close(output.write);
  Pipe::Close(life.read);
  const std::stop_token stop = CurrentStop::Token();
  ProgramEnd end;
  {
    // The shell is the group's leader, and not waited for yet.
    const std::stop_callback end_group(stop, [child] { kill(-child, SIGTERM); });
    end.output = ReadToEnd(output.read);
  }
  end.status = WaitForChild(child);
  if (stop.stop_requested())
    return Error{ErrorCode::kInterrupted, fmt::format("stopped while {} ran", words[0])};
  return end;
}

}  // namespace delstep
