#pragma once
/// Who is at the other ends of standard input and output: a person at a terminal, a file, another
/// program. What the arguments say of it counts too.
#include "apps/delstep/arguments.h"

namespace delstep {

/// Commands are read from a terminal, once those of the arguments have run.
bool ReadsTerminal(const Arguments& arguments);
/// A person will be asked: then errors end nothing, and the program ends with 0. With --json it is
/// a program that holds the other end of the terminal.
bool WillPrompt(const Arguments& arguments);
/// Commands are read from standard input, sooner or later.
bool ReadsInput(const Arguments& arguments);
/// `delstep < folder`: nothing can be read of it, which would look like an empty script.
bool InputIsFolder();
/// Somebody has written to standard input already, or it is a file: requests, with --json.
bool InputWaits();
/// A program that drives another one stops a command, not the session, by SIGINT.
bool OutlivesInterrupt(const Arguments& arguments);
/// Without --color: a terminal that shows colours, and $NO_COLOR is not set.
bool WantsColor(Arguments::Color color);

}  // namespace delstep
