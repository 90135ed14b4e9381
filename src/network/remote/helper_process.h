#pragma once
/// A helper program and the stream over which lines go to it and come back. It knows of lines,
/// patience and ends, and nothing of what the lines say (protocol.h).
///
/// The helper has one end of a socket pair as its descriptor 3, its standard error is a pipe that
/// we read, its standard input and output are nothing. All our ends are closed on exec, so nobody
/// else holds them: when this program ends, by kill -9 too, the system closes them, and the helper,
/// which sees that, ends. What it wrote to its standard error last is kept, to be quoted.
///
/// A process may be the copy that a helper made of itself. Its parent is that helper then, so it is
/// not ours to be waited for: the helper waits, or process 1 does.
///
/// Errors: all are kUnavailable, and after one the process is of no use: the caller drops it. The
/// messages tell the reason: "ns-3 was killed by signal 9 (SIGKILL)". What to do then is for the
/// caller to say.
///
/// Threads: one caller at a time for each process. A process and its copies share the pipe of their
/// errors, each in whatever thread.
#include <sys/types.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/result.h"

namespace delstep::remote {

/// Closes it in the end. Below 0: there is none.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int get() const { return number_; }

 private:
  int number_;
};

/// What is started, and how long one waits for it.
struct HelperProgram {
  std::string called;              ///< "ns-3": begins messages
  std::vector<std::string> words;  ///< the path or name, and its arguments
  /// A helper that is asked and says nothing for this long hangs. Also how long, at most, one waits
  /// for a helper that was told to end, though never more than a second.
  std::chrono::milliseconds patience = std::chrono::seconds(10);
};

class ErrorTail;

class HelperProcess {
 public:
  static Result<std::unique_ptr<HelperProcess>> Start(const HelperProgram& program);
  /// Tells the process to end by closing its stream, and kills it if it does not. Nothing of it is
  /// left, except a copy of a helper that has ended before: process 1 waits for that.
  ~HelperProcess();
  HelperProcess(const HelperProcess&) = delete;
  HelperProcess& operator=(const HelperProcess&) = delete;

  /// Writes all of it. Reads meanwhile, so it ends whatever the helper does: no two full pipes wait
  /// for each other.
  Result<void> Write(std::string_view text);
  /// Waits for a line; returns it without its end.
  Result<std::string> ReadLine();

  /// A stream for a copy of the helper: send `theirs` by WriteWith(), and give `ours` to Adopt().
  struct Pair {
    Descriptor ours, theirs;
  };
  Result<Pair> MakePair() const;
  /// Writes a short line, and a descriptor with it.
  Result<void> WriteWith(std::string_view text, const Descriptor& descriptor);
  /// The copy of this helper that serves the other end of `stream`. A helper may name any process
  /// as its copy, and we might have to kill that: so it must be a child of the helper. Null: it is
  /// not, or has gone already.
  std::unique_ptr<HelperProcess> Adopt(Descriptor stream, pid_t process) const;

  /// "NAME speaks garbage: WHAT". Kills the process: it will not be spoken to again.
  Error Garbage(std::string_view what);

  pid_t pid() const { return pid_; }

 private:
  HelperProcess(const HelperProgram& program, Descriptor stream, pid_t pid, Descriptor process,
                bool is_child, std::shared_ptr<ErrorTail> errors);

  /// Waits until something can be read or, if wished, written, and reads what there is.
  Result<void> Wait(bool to_write);
  Result<void> Receive();
  /// It has closed its end: how it ended.
  Error Gone();
  Error Hangs();
  void Kill();
  /// Waits for its end; false: it is still there after that time.
  bool HasEndedWithin(std::chrono::milliseconds time);
  /// Adds what it said last.
  Error Explained(std::string message) const;

  const HelperProgram program_;
  Descriptor stream_;
  pid_t pid_;
  Descriptor process_;  // a handle, so that nobody else is killed who got its number
  bool is_child_;       // of ours, to be waited for
  int status_ = -1;     // of a child, once it was waited for
  std::shared_ptr<ErrorTail> errors_;
  std::string received_;
  std::size_t searched_ = 0;  // of received_: there is no end of a line before
  std::chrono::steady_clock::time_point heard_{};
};

}  // namespace delstep::remote
