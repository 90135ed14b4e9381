#pragma once
/// How a session deals with errors and stops, and what it says.
#include <cstddef>

#include "console/session/render.h"

namespace delstep {

struct SessionOptions {
  /// A person types: an error drops the rest of the line and ends nothing, a line with a command
  /// that is wrong in form runs nothing, and the program ends with 0.
  bool interactive = false;
  bool keep_going = false;  ///< after an error a script goes on; the exit code is the first error's
  bool json = false;        ///< one object per command, nothing else on `out`, no errors on `err`
  /// A Ctrl-C ends a command and what is queued after it, but not the session; true of a prompt
  /// too.
  bool outlives_interrupt = false;
  bool quiet = false;    ///< errors, and what `expect` says
  bool verbose = false;  ///< commands in scripts show their tables too
  bool echo = false;     ///< each command of a script is shown before what it says, comments too
  bool color = false;
  std::size_t width = kWhole;  ///< of the terminal; kWhole: there is none, and nothing is cut
};

}  // namespace delstep
