#pragma once
/// A run of the program: from arguments to an exit code.
#include "apps/delstep/arguments.h"
#include "console/terminal/signals.h"

namespace delstep {

/// Runs the commands of the arguments, or checks their scripts; results go to standard output, the
/// rest to standard error. Returns the exit code.
int RunCommands(const Arguments& arguments, SignalWatch& watch);

}  // namespace delstep
