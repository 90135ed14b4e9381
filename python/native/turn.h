#pragma once
/// A run in the hand of one caller.
#include <chrono>
#include <memory>
#include <mutex>

#include "console/host/session_host.h"
#include "python/native/user_parts.h"

namespace delstep {

/// While it lives, nobody else uses the run: no other thread of Python, and no page. Others wait, and
/// may be interrupted by Ctrl-C while they do.
///
/// Throws, with Python's lock: std::runtime_error inside of a function that a command of the run
/// calls, which would wait for itself; Python's exception, if a signal has come meanwhile.
class Turn {
 public:
  /// `mutex` is for the threads of Python; `parts.run` is the run. Where this thread is inside of a
  /// function of another run, `parts` knows it meanwhile.
  Turn(std::timed_mutex& mutex, PartHost& parts);
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  /// The run may be another one afterwards: pages look again.
  void Change() { hold_->Change(); }

 private:
  bool TryTake(std::chrono::milliseconds most);

  std::timed_mutex& mutex_;
  PartHost& parts_;
  SessionHost& host_;
  std::unique_ptr<SessionHost::Hold> hold_;
};

}  // namespace delstep
