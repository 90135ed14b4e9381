#pragma once
/// Runs commands on a simulation: the queue, scripts, autonet, the log. What came of each command is
/// data (command_result.h); a session prints nothing by itself, but tells it to a voice (voice.h):
/// its owner's, or that of a client who has asked for the command.
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "console/commands/asking.h"
#include "console/commands/log_entry.h"
#include "console/history/history.h"
#include "console/session/checker.h"
#include "console/session/checkpoints.h"
#include "console/session/command_recorder.h"
#include "console/session/completion.h"
#include "console/session/json.h"
#include "console/session/now_running.h"
#include "console/session/session_options.h"
#include "console/session/voice.h"
#include "delstep/event.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "scenario/config.h"

namespace delstep {

/// Threads: one caller at a time. RequestStop() may come from any thread.
class Session {
 public:
  /// Text for results (stdout) and for diagnostics (stderr); each call is one or more whole lines.
  using Print = std::function<void(std::string_view)>;
  struct Outputs {
    Print out, err;
    /// For what is read page by page, such as help; none: `out`.
    Print page{};
    Asking wait{};  ///< for `pause` and questions; none: nobody would answer
    /// Where objects go with `json`, which outlives the session; null: to `out`.
    JsonStream* json = nullptr;
    /// Serves the page, or not any more, or says where it is (`page`); none: nobody can.
    std::function<Result<std::optional<PagePlace>>(const PageRequest&)> page_server{};
    /// What checkpoints say of the program; none: nothing.
    std::function<ProgramFacts()> about{};
    /// See History::AskForOwnCode(); none: C++ files are all there may be.
    History::IsOwnCode is_own_code{};
    /// See Workspace::AskForFailedCode(); none: what fails half-way ends in a moment.
    std::function<bool()> own_code_failed{};
  };

  /// All references outlive the session. Creates the groups of the configuration: an unknown node
  /// there is an Error that names key and place.
  static Result<std::unique_ptr<Session>> Create(Simulation& simulation, Config& config,
                                                 const Registry& registry, SessionOptions options,
                                                 Outputs outputs);
  /// A session that goes on where another one was, out of the bytes of its checkpoint; what was
  /// queued there waits for RunSaved(). The simulation and the configuration are those of the
  /// checkpoint, so nothing is created. `history` has the snapshots that the simulation came with.
  /// Errors: kFile for bytes that are damaged.
  static Result<std::unique_ptr<Session>> Resume(Simulation& simulation, Config& config,
                                                 const Registry& registry, SessionOptions options,
                                                 Outputs outputs, std::string_view saved,
                                                 const SavedHistory& history);
  ~Session();

  // ---- Checkpoints.

  /// What will be run after the present source, for checkpoints that are made until then.
  void SetFollowing(std::vector<ScriptSource> following);
  /// Commands come from standard input: for checkpoints, as what was not read is not in them.
  void SetFromInput();
  /// From now on each command can be taken back, in case it is stopped; `between` is called between
  /// two commands, and may call WriteCheckpoint().
  void KeepPoints(std::function<void()> between);
  /// Writes the file as everything was between two commands, the last time. What a command that was
  /// stopped has done is not in it, and the command is queued again. Requires KeepPoints().
  /// Errors: kRefused where the network cannot be saved; kFile, and the old file stays.
  Result<WrittenState> WriteCheckpoint(const std::string& file);
  /// Of a resumed session: the command that comes next, with its place; empty: nothing is queued.
  std::string SavedAhead() const;
  /// Whether commands came from standard input, or from a request.
  bool SavedFromInput() const;
  bool SavedFromRequest() const;
  /// Runs what was queued; as RunFile() otherwise.
  bool RunSaved();
  void DropSaved();
  /// Commands so far, those before a checkpoint included: ends of commands in events.jsonl.
  std::uint64_t commands() const;

  /// To be called before the first of these scripts runs: looks for what is wrong in them whatever
  /// the state is (see CheckBeforeRun). False: something is; it was said, exit_code() is set, and
  /// none of them should run.
  bool CheckAhead(std::span<const ScriptSource> sources);

  /// The next ones return false when the program should end: `exit` was given, or (not interactive,
  /// no keep_going) a command failed. Runs a whole script.
  bool RunFile(const std::string& path);
  /// Commands of -c; `origin` stands for the file in messages.
  bool RunText(std::string_view text, const std::string& origin);
  /// One line of standard input. Lines of an unclosed block or quote are kept until it is closed.
  /// `number` is which line it is, from 1, for messages; 0: the one after the line fed before.
  bool FeedLine(std::string_view line, std::uint32_t number = 0);
  /// A request of standard input, with `json`: its objects carry the id, which is given as JSON.
  /// What is left open is an error, an error ends the request, and neither ends the session. Its
  /// errors leave exit_code() alone. False: `exit` was given.
  bool RunRequest(std::string id, std::string commands);
  /// A change that no command can say, such as numbers which a program has computed: logged as
  /// `text`, and it ends in a moment. Runs between two commands. Returns what `change` returns.
  Result<void> Act(const std::string& text, const std::function<Result<void>()>& change);
  /// The same for a client with a voice of its own, which nobody else hears. Returns the code of the
  /// first error, 0 for none; exits() says whether `exit` was given.
  int RunFor(Voice& voice, std::string commands);
  bool exits() const;
  /// For a caller whose session goes on all the same.
  void ForgetExit();
  /// An unclosed block or quote is an error, as at the end of the input, but the session goes on.
  void GiveUpLine();
  /// From now on as if the option outlives_interrupt had been set.
  void OutliveInterrupts();
  /// From now on a line of FeedLine is like a request without an id: an error ends the line, unless
  /// keep_going is set, and not the session, and leaves exit_code() alone.
  void OutliveErrors();
  /// The end of standard input: an unclosed block or quote is an error then.
  bool EndInput();
  /// FeedLine is in the middle of a block or quote: the prompt should say so.
  bool NeedsMore() const;
  /// Ctrl-C at the prompt: forgets a half-typed block.
  void DropLine();

  /// 0, or the code of the first error (of the last stop: 130 or 143).
  int exit_code() const;

  /// Stops the running command at its next safe point and drops the queue. `code` is kInterrupted
  /// or kTerminated.
  void RequestStop(ErrorCode code);
  /// The same for another client, such as a page: with kInterrupted, and the session goes on whatever
  /// its options say. What RequestStop() has asked for already stays. From any thread.
  void Cancel();
  /// What ran last was stopped by Cancel(); until that is forgotten.
  bool cancelled() const;
  /// Forgets a Cancel(), which is no stop of whoever comes next; one that RequestStop() has asked for
  /// stays. False: there was none. From any thread.
  bool ForgetCancel();
  /// Before the next line of a conversation: a Ctrl-C that stopped the last one does not stop this
  /// one. To be called while no other thread may ask for a stop, else one that comes at that
  /// moment is lost.
  void ForgetInterrupt();

  /// How far the outermost repeat or script is that runs: to be shown while it does. From any
  /// thread.
  using Place = NowRunning::Place;
  Place PlaceInRun() const;

  /// The command that runs; "" where none does. From any thread.
  std::string CommandInRun() const;

  /// What an empty Enter repeats: the last step, nstep or train, or "".
  std::string RepeatableCommand() const;
  /// "[cycle 3 · t=12.4s · 12 nodes · 11 queued]> "
  std::string Prompt() const;
  /// See CompleteLine().
  Completion Complete(std::string_view line) const;
  /// Usage of the command being typed, for a live hint: "train [NODE...]"; may be empty.
  std::string Hint(std::string_view line) const;

  /// The newest entries (see CommandLog), oldest first.
  const std::vector<LogEntry>& log() const;

  /// Every command as it was run, after its end, in order: for the record of the run.
  using CommandRecord = delstep::CommandRecord;
  using CommandObserver = std::function<void(const CommandRecord&)>;
  void ObserveCommands(CommandObserver observer);

  /// What came of every command, whoever asked for it: after the owner of the voice was told.
  void ObserveResults(std::function<void(const CommandResult&)> observer);
  /// Moments made and gone to, marks and branches, as events: before the command's record.
  void ObserveMoments(std::function<void(const Event&)> observer);
  const History& history() const;

 private:
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace delstep
