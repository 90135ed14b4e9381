#pragma once
/// events.jsonl of a run directory by the numbers of its lines, without holding it in memory.
///
/// A record of a long run has gigabytes. Opening reads it once and keeps where each line begins,
/// eight bytes per event; what is asked for is read again, and parsed only then: to parse all of it
/// would take minutes. Threads: any.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/result.h"
#include "page/event_log.h"

namespace delstep {

class RecordedEvents {
 public:
  using LineSeen = std::function<Result<void>(std::string_view line)>;

  /// Calls `line` with each whole line, in order; one that was cut off at the end is left out. An
  /// error of `line` ends the reading. Errors: kFile, at FILE:LINE where a line is to blame.
  static Result<RecordedEvents> Open(const std::filesystem::path& file, const LineSeen& line);

  std::uint64_t count() const { return begins_.size() - 1; }
  /// The program was stopped while it wrote: the file ends inside of a line, which does not count.
  bool is_cut_off() const { return is_cut_off_; }
  /// FILE:LINE of an event; of count(), the line that was cut off.
  std::string PlaceOf(std::uint64_t number) const;
  /// As EventLog::Range(). Errors: kFile, for the first of these lines that is no JSON, and where the
  /// file has changed since it was opened, as a copy that is written over it makes it shorter.
  Result<EventLog::Answer> Range(const EventLog::Question& question) const;

 private:
  RecordedEvents() = default;
  Result<void> OpenFile();
  /// Appends so many bytes of the file from there on, or as many as there are.
  Result<void> Read(std::uint64_t from, std::size_t bytes, std::string& to) const;

  std::string file_;
  bool is_cut_off_ = false;
  std::shared_ptr<const int> descriptor_;
  std::vector<std::uint64_t> begins_{0};  // of each line, and the end of the last one
};

/// What to say of a line of events.jsonl that is none, wherever that is noticed.
Error NoEvent(std::string_view line);

}  // namespace delstep
