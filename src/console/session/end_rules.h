#pragma once
/// What an error or a stop ends: a command, a line, a request or the program. And the exit code
/// that comes of them.
///
/// An error in a script ends the program, unless --keep-going is set. At a prompt it ends the line
/// that was typed. In a request it ends the request, and the exit code of the program stays what it
/// was: the session puts it back. A stop ends all that is queued, and the program unless somebody goes on after it.
#include "console/session/session_options.h"
#include "console/session/stop.h"
#include "delstep/result.h"

namespace delstep {

/// Threads: one; another one may ask for the stop meanwhile.
class EndRules {
 public:
  /// Both outlive this, and are looked at anew each time: options may change.
  EndRules(const SessionOptions& options, const Stop& stop) : options_(options), stop_(stop) {}

  enum class Ends { kCommand, kLine, kAll };
  /// Notes an error of a command, and says what it ends beside the command.
  Ends EndByError(const Error& error);
  /// Notes an error that ends nothing. The first one counts, whatever follows under --keep-going.
  void Note(const Error& error);
  /// Notes the stop that was asked for. Returns whether the session goes on after it.
  bool EndByStop();

  /// Whether an error ends the program, and not only a command or a request. `goes_on`: more will
  /// be run after the command. A stop, where there is one, decides instead.
  bool IsFatal(bool goes_on) const;

  /// Between these two an error ends a request and no more. Requests do not lie in each other.
  void BeginRequest() { in_request_ = true; }
  void EndRequest() { in_request_ = false; }
  bool in_request() const { return in_request_; }

  /// 0, or the code of the first error (of the last stop: 130 or 143).
  int exit_code() const { return exit_code_; }
  void SetExitCode(int code) { exit_code_ = code; }

 private:
  bool OutlivesStop() const;

  const SessionOptions& options_;
  const Stop& stop_;
  bool in_request_ = false;
  int exit_code_ = 0;
};

}  // namespace delstep
