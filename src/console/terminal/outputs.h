#pragma once
/// Standard output for results, standard error for everything else.
#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "delstep/result.h"

namespace delstep {

/// Standard output is kept back until Flush(), or a good deal has gathered, except on a terminal;
/// what goes to standard error comes after all that was put out before it. Threads: any, but the
/// functions that are set are set by one, before others call; what they call must not write.
class StandardOutputs {
 public:
  StandardOutputs();
  ~StandardOutputs();
  StandardOutputs(const StandardOutputs&) = delete;
  StandardOutputs& operator=(const StandardOutputs&) = delete;

  /// `before` is called before anything is written: to wipe a progress bar. Empty: nothing is.
  void SetBefore(std::function<void()> before) { before_ = std::move(before); }
  /// `gone` is called once, when nobody reads standard output any more or it cannot be written.
  /// Empty: nothing is.
  void SetGone(std::function<void()> gone) { when_gone_ = std::move(gone); }

  /// The program is asked to end. What is written from now on waits for a reader, but no longer than
  /// a moment while nothing is read: then standard output counts as gone, and standard error loses
  /// what does not fit. Whoever asked may have stopped reading, and may wait for our end. Takes no
  /// lock, so it may be called while another thread is stuck in a write.
  void Hurry();

  /// For a terminal that cannot show UTF-8: from now on signs such as "…" go out as ASCII.
  void UseAscii() { ascii_ = true; }

  void Out(std::string_view text);
  void Err(std::string_view text);
  void Flush();

  /// Nothing more can be put out.
  bool gone() const { return gone_; }
  /// Why, where that is an error: not if the reader just left. To be asked when no other thread writes.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  std::function<void()> before_, when_gone_;
  void FlushLocked();

  bool terminal_, ascii_ = false;
  int hurry_[2] = {-1, -1};  // readable from Hurry() on
  std::mutex mutex_;
  std::string buffer_;  // guarded by mutex_, as are the writes
  std::atomic<bool> gone_{false};
  std::optional<Error> failure_;
};

/// Columns of the terminal behind standard output, else 100.
std::size_t OutputWidth();

}  // namespace delstep
