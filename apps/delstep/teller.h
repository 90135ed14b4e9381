#pragma once
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "apps/delstep/arguments.h"
#include "console/session/json.h"
#include "console/terminal/outputs.h"
#include "delstep/result.h"

namespace delstep {

/// What the program itself says, beside what commands answer: notes, warnings and errors, to
/// standard error. With --json errors are objects among those of the commands.
/// Threads: any. A page's commands run on threads of their own, and may find a full disk too.
class Teller {
 public:
  /// All three outlive this. `json` is where objects go with --json.
  Teller(const Arguments& arguments, StandardOutputs& outputs, JsonStream& json)
      : arguments_(arguments), outputs_(outputs), json_(json) {}

  /// Whole lines of what is going on; not with --quiet.
  void Say(std::string_view text);
  /// What the user should know of how a run begins or ends, one sentence; not with --quiet.
  void Note(std::string_view note);
  /// Whole lines as they are, under --quiet too. Warnings are among them: they say that the run may
  /// not be the one that was wanted.
  void Print(std::string_view text);

  /// An error of `command`, or of none. As an object where results are objects, unless they cannot
  /// be written.
  void Tell(const Error& error, bool fatal, const std::string& command = {},
            const std::vector<std::string>& loaded_from = {});
  /// An error that ends the program. Returns its exit code.
  int Fail(const Error& error);
  /// An error that came up while a command runs: told at once, but with --json, where an object
  /// would come among the parts of the command, by the next TellLate().
  void TellSoon(const Error& error);
  /// To be called when no command is under way.
  void TellLate();

 private:
  const Arguments& arguments_;
  StandardOutputs& outputs_;
  JsonStream& json_;
  std::mutex mutex_;
  std::vector<Error> late_;  // guarded by it
};

}  // namespace delstep
