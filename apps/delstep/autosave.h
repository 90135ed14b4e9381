#pragma once
/// `--checkpoint FILE --checkpoint-every X`: a run that saves itself.
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "apps/delstep/arguments.h"
#include "console/session/session.h"
#include "delstep/result.h"

namespace delstep {

/// Writes the file whenever it is due, between two commands. When it cannot be written, that is
/// said once and the run goes on; the next time it is tried again.
///
/// Threads: one.
class Autosave {
 public:
  /// `tell` says an error to whoever runs the program. The session outlives this.
  Autosave(Session& session, std::string file, std::optional<CheckpointInterval> every,
           std::function<void(const Error&)> tell);

  /// To be called between two commands.
  void Between();
  /// Writes it now. False: it could not be written.
  bool Write();
  /// Some time it could not be written.
  bool failed() const { return failed_; }
  const std::string& file() const { return file_; }

 private:
  bool IsDue() const;

  Session& session_;
  const std::string file_;
  const std::optional<CheckpointInterval> every_;
  const std::function<void(const Error&)> tell_;
  std::chrono::steady_clock::time_point written_ = std::chrono::steady_clock::now();
  std::uint64_t commands_ = 0;  // when it was written, or the run began
  bool failed_ = false;
};

}  // namespace delstep
