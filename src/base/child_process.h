#pragma once
/// Other programs, started without a shell: a file's name cannot become a command.
#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "delstep/result.h"

namespace delstep {

/// Descriptors that the other program gets; it gets no others of ours but those that lack
/// FD_CLOEXEC. They stay ours to close.
struct ChildStreams {
  int output = -1;  ///< standard output; below 0: /dev/null
  int error = -1;   ///< standard error; likewise
  int input = -1;   ///< standard input; likewise
  /// Descriptor 3, to talk over; below 0: there is none. With it the program gets no other
  /// descriptors at all, whoever forgot FD_CLOEXEC, and is a process group of its own: what a
  /// terminal sends does not reach it, and it ends when the other end of this is closed.
  int channel = -1;
  bool own_group = false;  ///< a process group of its own, as with a channel
  /// It is this program once more, and calls EndWithParent().
  bool ends_with_us = false;
  /// It gets these too, by name and value; our environment has none of these names.
  std::vector<std::pair<std::string, std::string>> variables{};
};

/// Starts a program. `words[0]` is its path, or without a slash a name that is looked up in $PATH.
/// Signals that this program blocks or ignores reach the other one. It is in our process group,
/// unless it is given its own: what a terminal sends on Ctrl-C or when it is closed reaches it too.
/// It gets our environment but for what mpirun put there: it is none of mpirun's processes.
/// Every child must be waited for.
///
/// Errors: kUnavailable if it cannot be started.
Result<pid_t> StartChild(const std::vector<std::string>& words, const ChildStreams& streams);

/// At the front of main(), while there is one thread: who was started with ends_with_us gets SIGTERM when
/// the thread that started it ends, in whatever way (SIGKILL of its process included). For all others it does
/// nothing.
void EndWithParent();

/// Waits for its end. Returns the exit code; 128 + the signal that ended it.
int WaitForChild(pid_t child);

}  // namespace delstep
