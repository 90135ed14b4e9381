#pragma once
/// The stop of the work that a thread does, for what lies so deep that no call hands it down: a
/// part that is made while a command runs, and takes a minute of a compiler.
#include <stop_token>

namespace delstep {

/// While one lives, its token is that of the thread which made it. They nest; the innermost counts.
///
///     const CurrentStop stop(token);
///     Work();  // and somewhere below: std::stop_callback end(CurrentStop::Token(), EndIt);
class CurrentStop {
 public:
  explicit CurrentStop(std::stop_token token);
  ~CurrentStop();
  CurrentStop(const CurrentStop&) = delete;
  CurrentStop& operator=(const CurrentStop&) = delete;

  /// One that never stops where no CurrentStop lives on this thread.
  static std::stop_token Token();

 private:
  std::stop_token outer_;
};

}  // namespace delstep
