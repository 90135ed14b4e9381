#include "apps/delstep/check_scripts.h"

#include <cstdint>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "apps/delstep/other_ends.h"
#include "console/commands/reply.h"
#include "console/language/diagnostics.h"
#include "console/session/checker.h"

namespace delstep {
namespace {

/// Those of --check, and those that would run: nothing runs, so all of them are meant.
std::vector<ScriptSource> ScriptsToCheck(const Arguments& arguments) {
  std::vector<ScriptSource> scripts;
  const auto add_input = [&] {
    std::string text((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
    scripts.push_back({.is_file = false, .text = std::move(text), .origin = "stdin"});
  };
  for (const std::string& script : arguments.checks)
    if (script == "-")
      add_input();
    else
      scripts.push_back({.is_file = true, .text = script});
  for (const CommandSource& source : arguments.sources)
    if (source.kind == CommandSource::Kind::kInput)
      add_input();
    else
      scripts.push_back({.is_file = source.kind == CommandSource::Kind::kFile,
                         .text = source.text,
                         .origin = "-c"});
  return scripts;
}

}  // namespace

int CheckScripts(const Arguments& arguments, const Simulation& simulation, const Config& config,
                 const Registry& registry, Teller& teller, JsonStream& json) {
  int code = 0;
  std::size_t errors = 0;
  std::vector<std::string> names;
  for (const ScriptSource& script : ScriptsToCheck(arguments)) {
    names.push_back(script.is_file ? script.text : script.origin);
    for (const auto& [error, line, loaded_from] :
         CheckScript(script, simulation, config, registry)) {
      if (arguments.json)
        teller.Tell(error, /*fatal=*/false, "--check", loaded_from);
      else
        teller.Print(line.empty()
                         ? FormatErrorWithSource(error, loaded_from, WantsColor(arguments.color))
                         : FormatError(error, line, loaded_from, WantsColor(arguments.color)));
      ++errors;
      if (code == 0) code = static_cast<int>(error.code);
    }
  }
  if (arguments.json) {
    Reply found;
    found.fields = {{"scripts", names}, {"errors", errors}, {"code", std::int64_t{code}}};
    json.Put("", ResultMembers("--check", code == 0, found));
  }
  return code;
}

}  // namespace delstep
