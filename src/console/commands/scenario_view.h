#pragma once
/// What `scenario list` and `scenario show` say, as commands of the console and as words of the
/// shell, where no session is open and no data are read.
#include <string_view>

#include "console/commands/reply.h"
#include "delstep/result.h"

namespace delstep {

/// A row a scenario that there is: its name, and what it is about.
Reply ScenarioList();
/// One scenario, by name or file, with the text of its file and of its script. Errors: those of
/// ShowScenario(); kFile for a script that cannot be read.
Result<Reply> ScenarioText(std::string_view name_or_file);

}  // namespace delstep
