#pragma once
/// Runs another program and waits for it.
#include <filesystem>
#include <string>
#include <vector>

#include "delstep/result.h"

namespace delstep {

struct ProgramEnd {
  int status = 0;      ///< exit code; 128 + the signal that ended it
  std::string output;  ///< standard output and standard error, as they came
};

/// `words[0]` is the program: its path, or a name that is looked up in $PATH. Its standard input is
/// empty, and signals that this program blocks or ignores reach it. No word is read as a command of
/// a shell.
///
/// The program goes when we go. It has a process group of its own, with all that it starts, and
/// SIGTERM ends this group when our process ends, in whatever way (SIGKILL included), or when the
/// stop of this thread is asked for (see CurrentStop). `scratch` names a folder that is no longer
/// needed then: it is removed after a program that was ended so. Empty: none.
///
/// Errors: kUnavailable if nothing can be started; kInterrupted after a stop. A program that is not
/// there ends with 127.
Result<ProgramEnd> RunProgram(const std::vector<std::string>& words,
                              const std::filesystem::path& scratch = {});

}  // namespace delstep
