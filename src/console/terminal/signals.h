#pragma once
/// SIGINT, SIGTERM and SIGUSR1 as words to the program instead of its end.
#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "delstep/result.h"

namespace delstep {

/// Receives SIGINT and SIGTERM on a thread of its own (sigwait), so that what it calls need not be
/// safe in a signal handler. SIGUSR1 is another SIGTERM in all that follows: it is the one that
/// mpirun passes on to its processes without ending them itself.
///
/// A signal that comes while work is under way (BeginWork ... EndWork) goes to the `stop` function,
/// from that thread. One that comes between two pieces of work stays pending: BeginWork() refuses
/// until TakePending() has fetched it, and wake_fd() becomes readable, so that a wait for input
/// ends. Before SetStop() a signal ends the program at once, with 130 or 143. After SetStop({}) the
/// program is ending: a signal that comes late does not change its exit code; a second one ends it
/// at once, with the same exception as below.
///
/// A second SIGINT while the same work is still under way, however much later, ends the program at
/// once with 130. A SIGTERM after either of the two ends it with 143, unless it is to finish
/// (FinishWhenTerminated()). Between two pieces of work no
/// SIGINT is a second one: at a prompt Ctrl-C only drops a line, whatever it stopped before.
///
/// Threads: made in the main thread before any other thread starts (it blocks the three signals for
/// all that follow); its functions are called from one thread.
class SignalWatch {
 public:
  using Stop = std::function<void(ErrorCode)>;  ///< kInterrupted or kTerminated

  /// Also ignores SIGPIPE: a closed pipe is an error of write().
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  void SetStop(Stop stop);
  /// Called with every SIGTERM that does not end the program at once, whether or not work is under
  /// way, from the watch's thread; must return at once and call nothing of the watch. Empty: nothing.
  void SetTerminated(std::function<void()> terminated);
  /// From now on no SIGINT is a second one: a program that drives us may send one just as the command
  /// that it stopped comes to its end, and means the next to be dropped, not us to go.
  void DoNotInsist();

  /// From now on no SIGTERM ends the program at once, however many come: what it writes at its end
  /// must not be lost. Slurm sends two within milliseconds when a job's time is over, and a third
  /// may come while a large checkpoint is being written. SIGKILL still ends it.
  void FinishWhenTerminated();

  /// False: a signal is pending, and the work should not begin.
  bool BeginWork();
  void EndWork();

  /// Makes wake_fd() readable without a signal, until TakePending(). From any thread.
  void Wake();
  /// The program is to end as after `exit`: somebody asked for it who is not at the terminal. Wakes
  /// like a signal; from now on no work begins. From any thread.
  void AskToEnd();
  bool asked_to_end() const;

  std::optional<ErrorCode> TakePending();
  /// The last signal that was handed to `stop`, if there was one since the last call.
  std::optional<ErrorCode> TakeStopped();
  /// Readable while a signal is pending, and after Wake(), until TakePending().
  int wake_fd() const { return wake_[0]; }

 private:
  void Serve();
  void Receive(int signal);

  int wake_[2] = {-1, -1};
  mutable std::mutex mutex_;
  Stop stop_;  // guarded by mutex_, as are the next ten
  std::function<void()> when_terminated_;
  bool began_ = false;  // there was a stop_
  bool insists_ = true;
  bool finishes_ = false;
  bool working_ = false;
  bool asked_to_end_ = false;
  std::optional<ErrorCode> pending_;
  std::optional<ErrorCode> stopped_;
  bool interrupted_ = false, terminated_ = false;  // the work under way was told to stop
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace delstep
