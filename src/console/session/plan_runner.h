#pragma once
/// Planned commands (`at`, `every`) as they fall due inside of a command that lets time pass.
///
/// What they say is shown at once, with the time of the clock before it. Under `--json` each of
/// their commands is answered by itself, as a part of the command that they run in; that one's
/// record and moment are the only ones.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "console/commands/command_log.h"
#include "console/commands/command_table.h"
#include "console/language/command_queue.h"
#include "console/session/command_result.h"
#include "console/session/session_options.h"
#include "console/session/stop.h"
#include "console/session/voice.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// Threads: one.
class PlanRunner {
 public:
  struct Host {
    Simulation& simulation;
    CommandLog& log;
    const SessionOptions& options;
    const Stop& stop;
    /// Who is told; it may be another one from command to command.
    std::function<Voice&()> voice;
    /// What a command of this queue may use.
    std::function<CommandContext(CommandQueue&)> context;
    /// An error that ends nothing, for the exit code.
    std::function<void(const Error&)> note;
    /// A command of a plan has ended.
    std::function<void(const CommandResult& result)> record;
  };
  explicit PlanRunner(Host host) : host_(std::move(host)) {}

  /// A command begins, which planned ones may run in. `depth`: of the queue, see AnswerPlace.
  void Begin(std::size_t depth);
  /// Whether what they queue goes on the wire at once. Begin(): no.
  void SetTransmits(bool transmits) { transmits_ = transmits; }
  /// Runs the one that is due next, to its end. Errors: of the command that failed, with its time,
  /// unless keep_going is set; kInterrupted after a stop.
  Result<void> RunDue();
  /// Answers since Begin(), those of parts of parts included, and how many of them are errors.
  std::uint64_t parts() const { return parts_; }
  /// Whether what one of them has done depends on more than the world, see CommandResult.
  bool uncertain() const { return uncertain_; }
  std::uint64_t failed() const { return failed_; }

 private:
  CommandResult Execute(const Statement& statement, CommandQueue& queue);
  Result<void> RunCommand(const Statement& statement, CommandQueue& queue, CommandResult& ran);
  Error WithTime(const PlannedCommand& plan, const std::string& text, Error error) const;

  Host host_;
  std::size_t depth_ = 0;
  bool transmits_ = false, uncertain_ = false;
  std::uint64_t parts_ = 0, failed_ = 0;
};

}  // namespace delstep
