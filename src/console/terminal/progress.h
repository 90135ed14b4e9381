#pragma once
/// A progress line for what takes longer than half a second: a command, a repeat, a script.
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "console/session/session.h"
#include "delstep/simulation.h"

namespace delstep {

/// "[=====>    ] 7/12 nodes, 3.2/s, 2 s left, mean accuracy 0.9123"; what `width` columns have no
/// room for is left out from the end. Requires done <= total and total > 0.
std::string ProgressLine(Progress progress, double seconds, std::optional<double> mean_accuracy,
                         std::size_t width);

/// "round 37/100 · 12 s · 21 s left · mean accuracy 0.9123 · 5/12 nodes": of a repeat, or
/// "command 3/8 · ..." of a script, which does not tell the time left, as its commands differ; or
/// "run 12.5/60 s · ..." of simulated time.
/// `begun` is the round in which the time began to be taken. Requires place.of > 0.
std::string RoundLine(const Session::Place& place, std::uint64_t begun, Progress progress,
                      double seconds, std::optional<double> mean_accuracy, std::size_t width);

/// Asks every 100 ms how far the running command is, and the repeat or script around it, from a thread
/// of its own, and draws the last row of standard error, which must be a terminal. Nothing is drawn
/// in the first half second.
///
/// Threads: all functions may be called from any thread; those given are called from the bar's own.
class ProgressBar {
 public:
  using Poll = std::function<Progress()>;
  using AskPlace = std::function<Session::Place()>;
  ProgressBar(Poll poll, AskPlace place);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// Wipes the row; to be called before anything else is printed to the terminal.
  void Clear();
  /// Of the last test, shown from then on.
  void SetMeanAccuracy(double accuracy);

 private:
  void Serve(std::stop_token stop);
  void Draw(const Progress& progress, const Session::Place& place);
  void Wipe();
  bool BeginsAnew(const Progress& progress, const Session::Place& place);

  Poll poll_;
  AskPlace place_;
  std::mutex mutex_;
  std::condition_variable_any tick_;
  std::optional<double> accuracy_;  // guarded by mutex_, as are the next two
  bool drawn_ = false;
  std::optional<std::chrono::steady_clock::time_point> began_;
  // The thread's alone: what the last look saw, and the round in which the first one was.
  Progress last_;
  Session::Place last_place_;
  std::uint64_t begun_ = 1;
  std::jthread thread_;  // last: joined before the rest goes
};

}  // namespace delstep
