#pragma once
/// What came of a command: plain data. Each reader has it rendered in his own way, as text
/// (text_voice.h) or as an object of --json (json.h).
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "console/commands/command_table.h"
#include "console/commands/reply.h"
#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// One command, with everything that can be said of it. The same whoever has asked for it.
struct CommandResult {
  std::string command{};
  const Command* row = nullptr;  ///< of the command table; null: no command, or one that is wrong
  SimTime time{};                ///< after the command
  std::uint64_t cycle = 0;       ///< in which it began
  Reply reply{};
  std::optional<Reply> network{};  ///< of the step that autonet made; becomes result.nstep
  std::optional<Error> error{};
  std::string error_line{};  ///< the line in which the error lies; empty: in a file, or nowhere
  std::vector<std::string> loaded_from{};  ///< who loaded the text where the error lies
  Reply measured{};         ///< members of the error beside its message: what an `expect` measured
  bool stopped = false;     ///< by Ctrl-C or a cancel, in the middle
  bool taken_back = false;  ///< it failed, and nothing of what it had done is left
  bool fatal = false;       ///< the error ends the program
  /// What it has done depends on more than the world: on files, breakpoints, last tests, or moments.
  bool uncertain = false;
  Reply breaks{};  ///< its table: the breakpoints that the command has hit; none: it has not
  std::optional<std::uint64_t> parts{};  ///< answers before it that are its own
  bool planned = false;  ///< it ran by `at` or `every`, inside of the command that comes next
  bool alone = false;    ///< a person typed it, and nothing else in the line
};

}  // namespace delstep
