#pragma once
/// Random command lines: what the command table allows, and slips of the finger.
#include <string>

#include "delstep/random.h"

namespace delstep {

/// One or more commands on a line. Bounded: no long training, no deep repeats.
std::string RandomCommandLine(Random& random);

}  // namespace delstep
