#pragma once
/// The end of what a helper program writes to its standard error. Its copies write to the same
/// pipe, so one object is shared by all of them.
///
/// Threads: any, at any time.
#include <array>
#include <atomic>
#include <mutex>
#include <string>
#include <utility>

#include "network/remote/helper_process.h"

namespace delstep::remote {

class ErrorTail {
 public:
  /// The reading end of a pipe; it does not block.
  explicit ErrorTail(Descriptor pipe) : pipe_(std::move(pipe)) {}

  /// To be waited for; below 0 once everybody has closed the other end.
  int descriptor() const { return closed_ ? -1 : pipe_.get(); }
  /// Takes what there is now, so that nobody who writes has to wait. Keeps the last few kilobytes.
  void Read();
  /// Empty if nothing was ever written.
  std::string LastLine() const;

 private:
  static constexpr std::size_t kKept = 4096;

  Descriptor pipe_;
  std::atomic<bool> closed_ = false;
  mutable std::mutex mutex_;
  std::string tail_;
};

}  // namespace delstep::remote
