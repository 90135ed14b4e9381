#pragma once
/// What the reference page says about commands, from the table.
#include <string>

namespace delstep {

/// docs/reference/commands.md, from the command table.
std::string CommandReference();

}  // namespace delstep
