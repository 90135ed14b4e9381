#pragma once
/// A run of the program: from arguments to an exit code.
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "apps/delstep/arguments.h"
#include "apps/delstep/autosave.h"
#include "apps/delstep/conversation.h"
#include "apps/delstep/made_run.h"
#include "apps/delstep/page.h"
#include "apps/delstep/progress_display.h"
#include "apps/delstep/recording.h"
#include "apps/delstep/teller.h"
#include "console/host/session_host.h"
#include "console/session/session.h"
#include "console/terminal/outputs.h"
#include "console/terminal/signals.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// Owns all that a run consists of and connects it: what happens in the simulation goes to the
/// recording and the progress bar, what the session says to the outputs, signals to the session.
///
/// The members stand in the order in which they are made, and each uses only those above it. They
/// go in the opposite order, which matters, as two of them are called from other threads: the
/// conversation takes its signals back from the watch, the progress display joins its thread, and
/// only then the session and the simulation go. The outputs are last, and put out what is left.
class App {
 public:
  /// The first two outlive the App. `cluster`: the processes that the run is spread over; may be null.
  App(const Arguments& arguments, SignalWatch& watch, std::shared_ptr<Cluster> cluster);

  /// Runs the commands of the arguments, or checks their scripts; results go to standard output,
  /// the rest to standard error. Returns the exit code. To be called once.
  int Run();

 private:
  Result<void> SetUp();
  /// Whether what the checkpoint has queued is to be run; if it is dropped, that is said.
  bool GoesOnWithQueue();
  Result<void> BeginAutosave();
  void SaveAtEnd();
  int Check();
  Result<void> OpenSession();
  bool CheckAhead();
  Result<void> Begin();
  std::optional<std::string> Ask(std::string_view text, std::stop_token stop);
  /// Shows a long text page by page where a person sits.
  void ShowPaged(std::string_view text);
  void Observe();
  void TellOfOthers(std::string_view client, const CommandResult& result);
  Result<void> BeginPage();
  int ExitCode();

  const Arguments& arguments_;
  SignalWatch& watch_;
  bool interactive_;

  StandardOutputs outputs_;
  JsonStream json_;  // unused without --json
  Teller teller_;
  const Registry registry_;
  MadeRun run_{registry_};
  std::unique_ptr<Session> session_;
  std::optional<Recording> recording_;
  std::optional<Autosave> autosave_;
  std::optional<ProgressDisplay> progress_;
  std::optional<SessionHost> host_;
  std::optional<ServedPage> page_;
  std::optional<Conversation> conversation_;
};

}  // namespace delstep
