#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "console/language/command_queue.h"
#include "delstep/types.h"

namespace delstep {

/// What runs now, for whoever shows it meanwhile: a line of progress is drawn from another thread
/// than the one that runs commands. Readers get copies, so nothing that they hold changes.
/// Threads: any.
class NowRunning {
 public:
  /// As CommandQueue::PlaceInRun() has it, or how far a command has come in simulated time: then
  /// both numbers are nanoseconds.
  using Place = CommandQueue::Place;

  /// A command begins. Without arguments: none runs any more.
  void Set(const Place& place = {}, std::string command = {}) {
    const std::lock_guard lock(mutex_);
    place_ = place;
    command_ = std::move(command);
  }
  /// How much simulated time has passed in the command, of how much; no `of`: for ever. A repeat
  /// around it tells more, so its round stays.
  void SetPassed(Duration passed, std::optional<Duration> of) {
    const std::lock_guard lock(mutex_);
    if (place_.in_repeat) return;
    place_ = {.in_run = true,
              .number = static_cast<std::uint64_t>(passed.count()),
              .of = static_cast<std::uint64_t>(of.value_or(Duration::max()).count())};
  }

  Place place() const {
    const std::lock_guard lock(mutex_);
    return place_;
  }
  /// As the log has it; "pause" while somebody is awaited; "" where none runs.
  std::string command() const {
    const std::lock_guard lock(mutex_);
    return command_;
  }

 private:
  mutable std::mutex mutex_;
  Place place_;
  std::string command_;
};

}  // namespace delstep
