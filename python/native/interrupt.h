#pragma once
/// Ctrl-C while a command runs.
///
/// Python looks at signals between two instructions of its own, on its main thread; while that
/// thread is in a command of ours it looks at none. An InterruptScope on that thread hears of SIGINT
/// itself, and has a thread of its own call `stop`. Python's own handler is told too, so that it
/// does what it always does when the command has ended: KeyboardInterrupt, usually.
#include <functional>

namespace delstep {

class InterruptScope {
 public:
  /// Threads: to be made and dropped on Python's main thread; one at a time, an inner one does
  /// nothing. `stop` is called from another thread. Where nobody listens to SIGINT (it ends the
  /// process, or is ignored), it stays so.
  explicit InterruptScope(const std::function<void()>& stop);
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

 private:
  bool active_ = false;
};

}  // namespace delstep
