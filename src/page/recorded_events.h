#pragma once
/// events.jsonl of a run directory by the numbers of its lines, without holding it in memory.
///
/// A record of a long run has gigabytes. Opening reads it once, checks it, and keeps where each line
/// begins, eight bytes per event; what is asked for is read again. Threads: any.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/result.h"
#include "page/event_log.h"

namespace delstep {

class RecordedEvents {
 public:
  /// Calls `line` with each whole line, in order; one that was cut off at the end is left out. Lines
  /// go to pages as they are, so all must be JSON objects, and `line` returns whether it knows what
  /// this one says. Errors: kFile, with the number of the first line that is none.
  template <class Line>
  static Result<RecordedEvents> Open(const std::filesystem::path& file, const Line& line) {
    RecordedEvents events;
    DELSTEP_TRY(events.OpenFile(file));
    for (std::uint64_t i = 0; i < events.count(); ++i)
      if (!IsObject(events.LineAt(i)) || !line(events.LineAt(i))) return events.Damaged(file, i);
    return events;
  }
  std::uint64_t count() const { return begins_.size() - 1; }
  /// Bytes after the last whole line: more than 0 where the program was killed, or the disk full.
  std::uint64_t cut_off() const { return size_ - begins_.back(); }
  /// As EventLog::Range().
  EventLog::Answer Range(const EventLog::Question& question) const;

 private:
  RecordedEvents() = default;
  Result<void> OpenFile(const std::filesystem::path& file);
  std::string_view LineAt(std::uint64_t number) const;
  static bool IsObject(std::string_view line);
  Error Damaged(const std::filesystem::path& file, std::uint64_t number) const;

  std::shared_ptr<const char> bytes_;  // of the file, mapped
  std::uint64_t size_ = 0;
  std::vector<std::uint64_t> begins_;  // of each line, and the end of the last one
};

}  // namespace delstep
