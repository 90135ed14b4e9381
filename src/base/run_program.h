#pragma once
/// Runs another program and waits for it.
#include <string>
#include <vector>

#include "delstep/result.h"

namespace delstep {

struct ProgramEnd {
  int status = 0;      ///< exit code; 128 + the signal that ended it
  std::string output;  ///< standard output and standard error, as they came
};

/// `words[0]` is the path of the program. No shell is involved, standard input is empty, and
/// signals that this program blocks or ignores reach the other one. Errors: kUnavailable if it
/// cannot be started.
Result<ProgramEnd> RunProgram(const std::vector<std::string>& words);

}  // namespace delstep
