#pragma once
/// `delstep docs man`: the manual page.
#include <string>

namespace delstep {

/// In the language of man(7): the command line, the commands of the console, variables, files. `delstep
/// docs man > delstep.1; man ./delstep.1`
std::string ManPage();

}  // namespace delstep
