#pragma once
/// The checkpoints of a session that runs.
///
/// A checkpoint holds everything as it was between two commands. So the point before each command is
/// kept until the next one: a command that is stopped half-way is as if it had not begun, and is
/// queued again. Keeping a point costs a snapshot, which shares all that has not changed.
#include <functional>
#include <optional>
#include <string>

#include "console/commands/command_log.h"
#include "console/history/history.h"
#include "console/session/checkpoints.h"
#include "console/session/session_point.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "scenario/config.h"

namespace delstep {

/// Threads: one.
class PointKeeper {
 public:
  struct Host {
    Simulation& simulation;
    const Config& config;
    const CommandLog& log;
    const History& history;
    /// The session as it is now.
    std::function<SessionPoint()> session;
    /// What checkpoints say of the program; none: nothing. Asked once, by the first checkpoint.
    std::function<ProgramFacts()> about;
  };
  explicit PointKeeper(Host host) : host_(std::move(host)) {}

  /// From now on points are kept, the present one first. `between` is called at each of them, and
  /// may call WriteLast().
  void Start(std::function<void()> between);
  bool started() const { return static_cast<bool>(between_); }

  // ---- To be called as commands run.

  /// Nothing of what is queued has run yet.
  void BeginRun() { interrupted_ = false; }
  /// Between two commands: keeps the point. Not after a command that was stopped: what it did
  /// before is no state to go on from.
  void Keep();
  void BeginCommand() { in_command_ = true; }
  void EndCommand(bool interrupted) { interrupted_ = interrupted; }

  // ---- Errors of both: kRefused where the network cannot be saved; kFile, and the old file stays.

  /// Writes the last point that was kept. Requires Start(). Errors: kRefused too if a command was
  /// stopped that cannot be taken back.
  Result<WrittenState> WriteLast(const std::string& file);
  /// Writes everything as the command that runs, `text`, leaves it: logged and counted.
  Result<WrittenState> WriteAfter(const std::string& text, const std::string& file);

 private:
  const ProgramFacts& About();

  Host host_;
  std::function<void()> between_;
  std::optional<RunPoint> point_;  // the last one between two commands
  bool in_command_ = false;        // one has begun since
  bool interrupted_ = false;       // the last one was
  std::optional<ProgramFacts> about_;
};

}  // namespace delstep
