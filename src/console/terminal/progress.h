#pragma once
/// A progress bar for commands that take longer than half a second.
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "delstep/simulation.h"

namespace delstep {

/// "[=====>    ] 7/12 nodes, 3.2/s, 2 s left, mean accuracy 0.9123"; what `width` columns have no
/// room for is left out from the end. Requires done <= total and total > 0.
std::string ProgressLine(Progress progress, double seconds, std::optional<double> mean_accuracy,
                         std::size_t width);

/// Asks every 100 ms how far the running command is, from a thread of its own, and draws the last
/// row of standard error, which must be a terminal. Nothing is drawn in the first half second of a
/// command.
///
/// Threads: all functions may be called from any thread; `poll` is called from the bar's own.
class ProgressBar {
 public:
  using Poll = std::function<Progress()>;
  explicit ProgressBar(Poll poll);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// Wipes the row; to be called before anything else is printed to the terminal.
  void Clear();
  /// Of the last test, shown from then on.
  void SetMeanAccuracy(double accuracy);

 private:
  void Serve(std::stop_token stop);
  void Draw(Progress progress);

  Poll poll_;
  std::mutex mutex_;
  std::condition_variable_any tick_;
  std::optional<double> accuracy_;  // guarded by mutex_, as are the next two
  bool drawn_ = false;
  std::optional<std::chrono::steady_clock::time_point> began_;
  std::size_t last_done_ = 0, last_total_ = 0;  // the thread's alone
  std::jthread thread_;                         // last: joined before the rest goes
};

}  // namespace delstep
