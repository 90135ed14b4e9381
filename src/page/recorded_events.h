#pragma once
/// events.jsonl of a run directory by the numbers of its lines, without holding it in memory.
///
/// A record of a long run has gigabytes. Opening reads it once and keeps where each line begins,
/// eight bytes per event; what is asked for is read again, and parsed only then: to parse all of it
/// would take minutes. Threads: any.
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
  /// Calls `line` with each whole line, in order; one that was cut off at the end is left out.
  /// `line` returns a Result<void>; its error ends the reading. Errors: kFile, at FILE:LINE where a
  /// line is to blame.
  template <class Line>
  static Result<RecordedEvents> Open(const std::filesystem::path& file, const Line& line) {
    RecordedEvents events;
    DELSTEP_TRY(events.OpenFile(file));
    for (std::uint64_t i = 0; i < events.count(); ++i)
      if (Result<void> read = line(events.LineAt(i)); !read)
        return std::move(read).error().At(events.PlaceOf(i));
    return events;
  }
  std::uint64_t count() const { return begins_.size() - 1; }
  /// The program was stopped while it wrote: the file ends inside of a line, which does not count.
  bool is_cut_off() const { return is_cut_off_; }
  /// FILE:LINE of an event; of count(), the line that was cut off.
  std::string PlaceOf(std::uint64_t number) const;
  /// As EventLog::Range(). Errors: kFile, for the first of these lines that is no JSON.
  Result<EventLog::Answer> Range(const EventLog::Question& question) const;

 private:
  RecordedEvents() = default;
  Result<void> OpenFile(const std::filesystem::path& file);
  std::string_view LineAt(std::uint64_t number) const;

  std::string file_;
  bool is_cut_off_ = false;
  std::shared_ptr<const char> bytes_;  // of the file, mapped
  std::vector<std::uint64_t> begins_;  // of each line, and the end of the last one
};

/// What to say of a line of events.jsonl that is none, wherever that is noticed.
Error NoEvent(std::string_view line);

}  // namespace delstep
