#pragma once
/// `delstep view DIR [PORT]`: a recorded run in a browser.
#include "apps/delstep/arguments.h"
#include "delstep/result.h"

namespace delstep {

/// Says the addresses on standard error and serves until a signal ends the program. Errors: kFile
/// for a folder without a run; kUnavailable for a port in use. Returns nothing else.
Error ViewRun(const Arguments& arguments);

}  // namespace delstep
