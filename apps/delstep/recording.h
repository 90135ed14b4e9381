#pragma once
/// The record of a run (`--out DIR`), and the news that it cannot be written.
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "console/language/script.h"
#include "console/session/session.h"
#include "delstep/event.h"
#include "delstep/registry.h"
#include "recording/run_directory.h"

namespace delstep {

/// Passes on what happens to the files of the run. When they cannot be written any more, it says so
/// once, and the run goes on without them.
///
/// Goes before the simulation that the folder describes; the last lines of the files are written
/// then. Threads: one.
class Recording {
 public:
  /// `tell` says an error to whoever runs the program. The registry is that of the run, and outlives
  /// this.
  Recording(std::unique_ptr<RunDirectory> folder, const Registry& registry,
            std::function<void(const Error&)> tell)
      : registry_(registry), tell_(std::move(tell)), folder_(std::move(folder)) {}

  /// To be called with every event, in order.
  void Record(const Event& event) { folder_->Record(event); }
  /// To be called with every command, after its events.
  void EndCommand(const Session::CommandRecord& command);

  /// Something could not be written.
  bool failed() const { return failed_; }

 private:
  std::string TextForScript(const std::string& text);
  std::vector<Word> WordsForScript(const Statement& statement);

  const Registry& registry_;
  std::function<void(const Error&)> tell_;
  std::unique_ptr<RunDirectory> folder_;
  std::set<std::string> exported_;  // names of models that the run has written
  bool failed_ = false;
};

}  // namespace delstep
