#pragma once
/// Who is told what a session does, and how. The session says everything once, as data; a voice
/// makes of it what its reader wants: text (text_voice.h) or objects (json_voice.h).
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "console/commands/asking.h"
#include "console/session/command_result.h"
#include "delstep/result.h"

namespace delstep {

/// Where a command stands in what is queued, see CommandQueue::Depth(): for answers that come when
/// their parts have been answered.
struct AnswerPlace {
  std::size_t before = 0;  ///< commands that the command lies in
  std::size_t after = 0;   ///< 0: nothing more will be run
  /// Why nothing more will be run, though there was more.
  const Error* why = nullptr;
  bool fatal = false;             ///< the error ends the program
  bool queued = false;            ///< it has put others before what was queued: they are its parts
  std::uint64_t ended_round = 0;  ///< of the repeat that a breakpoint has ended with it; 0: none
};

/// Threads: one.
class Voice {
 public:
  virtual ~Voice() = default;

  /// Commands of scripts should be shown before they run (Echo()).
  virtual bool echoes() const { return false; }
  /// A command, or a comment, of a script.
  virtual void Echo(std::string_view) {}
  /// Somebody looks at it while a command runs: what is told at once, one line.
  virtual bool listens() const { return false; }
  virtual void Say(std::string_view) {}
  /// Shows a text and waits until a person presses Enter; empty: nobody would.
  virtual Asking Waiter() { return {}; }

  /// A command has ended, planned or not.
  virtual void Tell(const CommandResult& result) = 0;
  /// The same once it is known what follows: breakpoints that it has hit, whether the queue goes on.
  virtual void Answer(const CommandResult& result, const AnswerPlace& place) = 0;
  /// Something was wrong before there was a command: a text that cannot be read, a line of which
  /// nothing is run.
  virtual void Refuse(const CommandResult& result) = 0;
  /// An error of a planned command, with its time, that ends nothing.
  virtual void Warn(const Error&) {}
  /// What people should know beside results: "what was queued after it is dropped".
  virtual void Remark(std::string_view) {}
};

}  // namespace delstep
