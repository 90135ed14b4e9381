#pragma once
/// What the commands of a session work on beside their words: the simulation with its
/// configuration, and what is the session's and not the world's: the log, the moments and the
/// breakpoints.
///
/// It hears all events of the simulation, so it knows what the command that runs has done.
#include <functional>
#include <memory>
#include <utility>

#include "console/commands/breakpoints.h"
#include "console/commands/command_log.h"
#include "console/commands/command_table.h"
#include "console/commands/heard.h"
#include "console/history/history.h"
#include "console/language/command_queue.h"
#include "console/session/command_result.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "scenario/config.h"

namespace delstep {

/// Threads: one, that of the simulation.
class Workspace {
 public:
  /// All three outlive this, and the simulation may live on: what hears its events stays with it.
  /// The present state is the first moment.
  Workspace(Simulation& simulation, Config& config, const Registry& registry);

  Simulation& simulation() { return simulation_; }
  Config& config() { return config_; }
  const Registry& registry() const { return registry_; }
  CommandLog& log() { return log_; }
  History& history() { return history_; }
  Breakpoints& breaks() { return *breaks_; }

  /// What a command of the queue may use, whoever has queued it. Who stops it, and who is told, is
  /// left to the caller.
  CommandContext ContextOf(CommandQueue& queue);
  /// A command begins: events so far are not its own.
  void BeginCommand() { *seen_ = {}; }
  /// Tells whether code of the owner's own has failed since it was last asked. What such a command
  /// has done so far is taken back, where the network can go back.
  void AskForFailedCode(std::function<bool()> own_code_failed) {
    own_code_failed_ = std::move(own_code_failed);
  }
  /// What has changed the world ends in a moment, also where it failed half-way; or it is taken back,
  /// and the result says so. `began`: the words of the command fitted, so that it may have done
  /// something. Errors: as History::Note() and History::TakeBack().
  Result<void> EndMoment(CommandResult& result, bool began);

 private:
  /// What the present command's events are of.
  struct Seen {
    bool tests = false, changes = false;
  };

  Simulation& simulation_;
  Config& config_;
  const Registry& registry_;
  CommandLog log_;
  History history_;
  std::function<bool()> own_code_failed_;
  // Of the observer too, which stays until the simulation goes.
  std::shared_ptr<Seen> seen_ = std::make_shared<Seen>();
  std::shared_ptr<Heard> heard_ = std::make_shared<Heard>();
  std::shared_ptr<Breakpoints> breaks_ = std::make_shared<Breakpoints>(simulation_);
};

}  // namespace delstep
