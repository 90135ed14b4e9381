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
    source_.request_stop();
  }
  /// Forgets a Ctrl-C, which ends a command but not a conversation.
  void Renew() {
    const std::lock_guard lock(mutex_);
    if (code_ != ErrorCode::kInterrupted) return;
    code_.reset();
    source_ = std::stop_source();
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
  mutable std::mutex mutex_;
  std::stop_source source_;
  std::optional<ErrorCode> code_;
};

}  // namespace delstep
