#pragma once
/// Who speaks to the session: scripts, standard input, a person at the prompt, and signals.
#include <functional>
#include <optional>

#include "apps/delstep/arguments.h"
#include "apps/delstep/request_input.h"
#include "console/host/session_host.h"
#include "console/session/session.h"
#include "console/terminal/news.h"
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
  struct Options {
    bool interactive = false;  ///< a person is asked: an error ends nothing, Ctrl-C drops the line
    bool outlives_interrupt = false;  ///< Ctrl-C ends a command, but not the conversation
    JsonStream* json = nullptr;       ///< lines may be requests, and this is where answers go
    bool serves = false;              ///< with `json`: as if a request had come already
    bool with_saved = false;          ///< first what a checkpoint has queued
    /// Called after each piece of work, when no answer is under way; may be empty.
    std::function<void()> after_work{};
    /// There are others who use the session: without further input it goes on for them.
    std::function<bool()> has_others{};
  };
  /// All outlive the conversation.
  Conversation(Session& session, SessionHost& host, const Simulation& simulation,
               StandardOutputs& outputs, SignalWatch& watch, Options options);
  ~Conversation();
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  /// Runs what the arguments bring, then standard input if they bring nothing or say so (-i). A
  /// script that another client stops is over, as if it had come to its end: the next one begins.
  /// Without `with_scripts` they are left out: something is wrong in them.
  void Run(const Arguments& arguments, bool with_scripts);

  /// What somebody else has done, for a person at the prompt. From any thread.
  News& news() { return news_; }
  /// Who is at work when the conversation is.
  std::string_view client() const { return options_.interactive ? "terminal" : "script"; }
  /// A program has made requests: it learns of errors from their answers, not from the exit code.
  bool served() const { return served_; }
  /// The signal that ends the program, if one does.
  const std::optional<ErrorCode>& signalled() const { return signalled_; }

 private:
  // These return false when the program should end.
  bool RunSource(const CommandSource& source);
  bool RunSources(const std::vector<CommandSource>& sources);
  bool ReadInput();
  bool Prompt(bool greet);
  bool FeedAll(const std::function<Input()>& read);
  bool ReadRequests();
  bool TakeRequests(RequestInput& input);
  void TurnAway(RequestInput& input);
  bool Serve(const Request& request, RequestInput& input);
  void StayForOthers();
  std::string PromptText();
  bool Do(const std::function<bool()>& commands);
  bool Begin(const std::function<bool()>& commands);
  bool AfterOthers(const std::function<bool()>& commands);
  bool Answer();
  bool GoesOn() const { return options_.interactive || options_.outlives_interrupt || spoken_to_; }
  void SetServed();

  Session& session_;
  SessionHost& host_;
  const Simulation& simulation_;
  StandardOutputs& outputs_;
  SignalWatch& watch_;
  const Options options_;
  News news_;
  bool brought_ = false;    // standard input has brought commands
  bool spoken_to_ = false;  // a request has been read, perhaps ahead of lines that wait
  bool served_ = false;     // it has come to be answered
  bool cancelled_ = false;  // another client has stopped what the present source brought
  std::optional<ErrorCode> signalled_;
};

}  // namespace delstep
