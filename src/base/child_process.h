#pragma once
/// Other programs, started without a shell: a file's name cannot become a command.
#include <sys/types.h>

#include <string>
#include <vector>

#include "delstep/result.h"

namespace delstep {

/// Descriptors that the other program gets; it gets no others of ours but those that lack
/// FD_CLOEXEC. They stay ours to close.
struct ChildStreams {
  int output = -1;  ///< standard output; below 0: /dev/null
  int error = -1;   ///< standard error; likewise
  int input = -1;   ///< standard input; likewise
};

/// Starts a program. `words[0]` is its path, or without a slash a name that is looked up in $PATH.
/// Signals that this program blocks or ignores reach the other one. It is in our process group: what
/// a terminal sends on Ctrl-C or when it is closed reaches it too. Every child must be waited for.
///
/// Errors: kUnavailable if it cannot be started.
Result<pid_t> StartChild(const std::vector<std::string>& words, const ChildStreams& streams);

/// Waits for its end. Returns the exit code; 128 + the signal that ended it.
int WaitForChild(pid_t child);

}  // namespace delstep
