// Any bytes as a script: reading it, matching its commands, and checking what they say. Runs
// nothing.
#include <cstdint>
#include <string>

#include "console/commands/command_table.h"
#include "console/language/script.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace delstep;
  const ReadScript read =
      ParseScript(std::string(reinterpret_cast<const char*>(data), size), "f.del");
  if (read.unclosed) return 0;
  std::size_t index = 0;
  for (const Statement& statement : read.script->statements) {
    if (statement.end <= index || statement.end > read.script->statements.size()) __builtin_trap();
    read.script->TextOf(index++);
    if (!statement.bad) (void)MatchCommand(statement.words);
  }
  return 0;
}
