#pragma once
/// Who speaks to the session: scripts, standard input, a person at the prompt, and signals.
#include <functional>
#include <optional>

#include "apps/delstep/arguments.h"
#include "console/session/session.h"
#include "console/terminal/outputs.h"
#include "console/terminal/signals.h"
#include "console/terminal/terminal_lines.h"
#include "delstep/simulation.h"

namespace delstep {

/// Brings commands to the session, one piece of work after another, until they end or the program
/// should. A signal stops the command that is running; so does standard output when nobody reads it
/// any more.
///
/// Goes before the session: its end takes back what it gave to the watch, whose thread would stop
/// the session, and to the outputs. Threads: its functions are called from one.
class Conversation {
 public:
  /// All outlive the conversation. `interactive`: a person is asked, so that an error ends nothing
  /// and Ctrl-C drops the line.
  Conversation(Session& session, const Simulation& simulation, StandardOutputs& outputs,
               SignalWatch& watch, bool interactive);
  ~Conversation();
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  /// Runs what the arguments bring, then standard input if they bring nothing or say so (-i).
  /// Without `with_scripts` they are left out: something is wrong in them.
  void Run(const Arguments& arguments, bool with_scripts);

  /// The signal that ends the program, if one does.
  const std::optional<ErrorCode>& signalled() const { return signalled_; }

 private:
  // These return false when the program should end.
  bool RunSource(const CommandSource& source);
  bool ReadInput();
  bool Prompt(bool greet);
  bool FeedAll(const std::function<Input()>& read);
  bool Do(const std::function<bool()>& commands);
  bool Answer();

  Session& session_;
  const Simulation& simulation_;
  StandardOutputs& outputs_;
  SignalWatch& watch_;
  const bool interactive_;
  std::optional<ErrorCode> signalled_;
};

}  // namespace delstep
