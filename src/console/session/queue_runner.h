#pragma once
/// Runs what is queued, command by command, until nothing is left or an error, a stop or a
/// breakpoint ends it.
///
/// Of each command, in this order: it is echoed, it runs, what it has changed becomes a moment, it
/// is logged, told and recorded; then it is settled what follows, and the command is answered.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "console/commands/command_table.h"
#include "console/language/command_queue.h"
#include "console/session/command_recorder.h"
#include "console/session/command_result.h"
#include "console/session/end_rules.h"
#include "console/session/now_running.h"
#include "console/session/plan_runner.h"
#include "console/session/point_keeper.h"
#include "console/session/session_options.h"
#include "console/session/stop.h"
#include "console/session/voice.h"
#include "console/session/workspace.h"
#include "delstep/result.h"

namespace delstep {

/// Threads: one; others may look at `now` and ask for a stop meanwhile.
class QueueRunner {
 public:
  struct Host {
    Workspace& work;
    const SessionOptions& options;
    const Stop& stop;
    EndRules& ends;
    CommandRecorder& recorder;
    PointKeeper& points;
    NowRunning& now;
    /// Who is told; it may be another one from run to run.
    std::function<Voice&()> voice;
    /// Serves the page, see CommandContext; none: nobody can.
    std::function<Result<std::optional<PagePlace>>(const PageRequest&)> page;
  };
  /// What the host names outlives this. Planned commands of the simulation run here, as long as
  /// there is this runner.
  explicit QueueRunner(Host host);
  QueueRunner(const QueueRunner&) = delete;

  /// What is to run. Between two runs anybody may push or clear.
  CommandQueue& queue() { return queue_; }

  /// False: the program should end, as `exit` was given or an error or a stop says so; then nothing
  /// is queued any more.
  bool Run();
  /// An error ends what EndRules say. False: the program should end. At a prompt the rest of the
  /// line, or of the scripts that it loads, is dropped.
  bool Fail(const Error& error);
  /// A command that is not run, or not yet: its text, and when that was.
  CommandResult ResultOf(std::string command) const;
  /// Says it, and tells who watches.
  void Answer(const CommandResult& result, const AnswerPlace& place);

  /// `exit` was given, until it is forgotten.
  bool exited() const { return exited_; }
  void ForgetExit() { exited_ = false; }
  /// What an empty line at the prompt repeats, or "".
  const std::string& repeatable() const { return repeatable_; }

 private:
  struct CommandEnd;

  bool RunQueued();
  bool RunOne(const Statement& statement);
  CommandEnd Execute(const Statement& statement, CommandResult& result);
  Result<void> RunCommand(const Statement& statement, CommandResult& result, CommandEnd& end);
  CommandContext ContextOf(CommandQueue& queue);
  void LocateError(CommandResult& result) const;
  Reply StopAtBreaks(bool goes_on, const CommandResult& result, const CommandEnd& end,
                     std::uint64_t& ended_round);
  void Settle(CommandResult result, std::size_t depth, bool goes_on, std::uint64_t ended_round);
  void AnswerStopped();
  bool EndStopped(bool dropped);
  void EchoCommand(const Statement& statement);
  void EchoComments();
  bool IsTyped() const;
  bool IsTypedAlone() const;
  Voice& voice() const { return host_.voice(); }

  Host host_;
  CommandQueue queue_;
  PlanRunner plans_;
  std::string repeatable_;
  bool exited_ = false;
  bool dropped_ = false;  // by a stop: what was queued
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace delstep
