#pragma once
/// Tells whoever watches a session what came of its commands: as results, for what shows them, and
/// as records, for the files of a run.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "console/session/command_result.h"

namespace delstep {

/// A command as it was run ("train 10.0.0.1"; comments "# load x.del" where a script was loaded).
struct CommandRecord {
  std::string text{};
  int code = 0;
  std::string message{};
  bool is_comment = false;
  std::string redo{};            ///< of its row, see Command; "" where nothing need be done again
  bool redo_names_nodes = true;  ///< false: `redo` is a whole command, "next 5"
  bool taken_back = false;       ///< it failed, and nothing of what it had done is left
  /// It was planned, and ran inside of the command whose record comes next. It is no command of
  /// the record, but what it has measured has a time of its own.
  bool is_planned = false;
  std::uint64_t cycle = 0;  ///< in which it began
};

/// Threads: one. Observers are called in the order in which they came.
class CommandRecorder {
 public:
  /// One gets the records; the last one that was set.
  void ObserveRecords(std::function<void(const CommandRecord&)> observer) {
    on_record_ = std::move(observer);
  }
  void ObserveResults(std::function<void(const CommandResult&)> observer) {
    on_result_.push_back(std::move(observer));
  }

  /// What came of a command, to those who watch results.
  void Tell(const CommandResult& result) const;
  /// A command has ended: counts and records it. `redo` is a whole command that does again what was
  /// done of it; "": what its row says.
  void Record(const CommandResult& result, const std::string& redo);
  /// The same of a planned one, which does not count. Tells it too.
  void RecordPlanned(const CommandResult& result) const;
  /// A change that no command can say. A script could not repeat it, so it is a comment.
  void RecordChange(std::string_view text) const;

  /// Those that count: a comment is none.
  std::uint64_t commands() const { return commands_; }
  /// As a session goes on that has run so many.
  void Resume(std::uint64_t commands) { commands_ = commands; }

 private:
  std::function<void(const CommandRecord&)> on_record_;
  std::vector<std::function<void(const CommandResult&)>> on_result_;
  std::uint64_t commands_ = 0;
};

}  // namespace delstep
