#pragma once
/// A session between two commands: beside the state of its simulation, all that is needed to go on
/// from there.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "console/commands/command_log.h"
#include "console/language/command_queue.h"
#include "console/session/checker.h"
#include "delstep/result.h"

namespace delstep {

struct SessionPoint {
  CommandQueue queue;
  /// What is to run when the queue is empty: files as text, where they can be read.
  std::vector<ScriptSource> following;
  std::uint64_t logged = 0;    ///< entries of the log so far, see CommandLog::added()
  std::uint64_t commands = 0;  ///< that have been recorded
  int exit_code = 0;
  bool keep_going = false;
  bool from_input = false;    ///< commands come from standard input: more may come
  bool from_request = false;  ///< what is queued is the rest of a request

  /// The command that comes next, with its place: "train (exp.del:3)"; empty: none is queued.
  std::string Ahead() const;
};

/// As bytes for a checkpoint; `log` has at least `point.logged` entries.
std::string SaveSession(const SessionPoint& point, const CommandLog& log);
/// Errors: kFile for bytes that SaveSession() cannot have written; then `log` is of no use.
Result<SessionPoint> LoadSession(std::string_view saved, CommandLog& log);

}  // namespace delstep
