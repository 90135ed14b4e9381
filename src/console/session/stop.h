#pragma once
#include <mutex>
#include <optional>
#include <stop_token>

#include "delstep/result.h"

namespace delstep {

/// A stop that another thread asks for. Threads: any.
class Stop {
 public:
  void Request(ErrorCode code) {
    const std::lock_guard lock(mutex_);
    code_ = code;
    cancelled_ = false;
    source_.request_stop();
  }
  /// The same by another client of the session: as Ctrl-C, but what ends is never the session. A
  /// stop that has been asked for already stays what it is.
  void Cancel() {
    const std::lock_guard lock(mutex_);
    if (code_) return;
    code_ = ErrorCode::kInterrupted;
    cancelled_ = true;
    source_.request_stop();
  }
  /// Cancel() is what stops.
  bool cancelled() const {
    const std::lock_guard lock(mutex_);
    return cancelled_;
  }
  /// Forgets a Cancel() and nothing else, at the same moment as it is asked for. False: there was none.
  bool ForgetCancel() {
    const std::lock_guard lock(mutex_);
    if (!cancelled_) return false;
    Forget();
    return true;
  }
  /// Forgets a Ctrl-C, which ends a command but not a conversation.
  void Renew() {
    const std::lock_guard lock(mutex_);
    if (code_ == ErrorCode::kInterrupted) Forget();
  }
  std::optional<ErrorCode> code() const {
    const std::lock_guard lock(mutex_);
    return code_;
  }
  std::stop_token token() const {
    const std::lock_guard lock(mutex_);
    return source_.get_token();
  }

 private:
  void Forget() {
    code_.reset();
    cancelled_ = false;
    source_ = std::stop_source();
  }

  mutable std::mutex mutex_;
  std::stop_source source_;
  std::optional<ErrorCode> code_;
  bool cancelled_ = false;
};

}  // namespace delstep
