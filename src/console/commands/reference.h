#pragma once
/// What is written about commands, from the table.
#include <string>
#include <string_view>
#include <vector>

#include "delstep/result.h"

namespace delstep {

struct Command;

/// Of one command ("link", "group add") or, for an empty topic, a list of all; fits 80 columns and
/// ends without "\n". Errors: kUsage for an unknown command.
Result<std::string> HelpText(std::string_view topic);

/// The rows that HelpText() is about.
std::vector<const Command*> CommandsAbout(std::string_view topic);

/// docs/reference/commands.md, from the command table.
std::string CommandReference();

}  // namespace delstep
