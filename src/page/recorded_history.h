#pragma once
/// The tree of moments of a recorded run, out of its events: what /api/history tells of a session.
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace delstep {

class RecordedHistory {
 public:
  RecordedHistory();

  /// A line of events.jsonl, in order. False: it has no type, or tells of the history what is not of
  /// its kind, such as a moment that is no number.
  bool Note(std::string_view line);
  /// Before any line.
  struct Beginning {
    std::size_t nodes = 0;    ///< that the run begins with
    std::uint64_t lines = 0;  ///< that tell of them; nothing has happened in these
  };
  void Begin(Beginning beginning);
  /// As /api/history. Nothing is kept, as nothing can be gone to.
  std::string ToJson() const;
  std::uint64_t present() const { return present_; }
  /// Nodes that are there at the present moment.
  std::size_t nodes() const;
  /// From the moment to the start, itself first; empty for one that is not known.
  std::vector<std::uint64_t> WayBack(std::uint64_t moment) const;
  const std::string& branch() const { return branch_; }
  std::int64_t time() const { return time_; }
  std::uint64_t cycle() const { return cycle_; }

 private:
  struct Entry {
    std::optional<std::uint64_t> parent;
    std::string branch, command;
    std::int64_t time = 0;
    std::uint64_t cycle = 0, event = 0;
    std::size_t nodes = 0;  // that were there then
  };
  const Entry& EntryOf(std::uint64_t moment) const;
  void NoteMade(std::uint64_t moment, Entry entry);
  void NoteDone(const std::string& command, std::uint64_t next);

  std::map<std::uint64_t, Entry> moments_;
  std::vector<std::pair<std::string, std::uint64_t>> branches_;  // with the last moment
  std::map<std::string, std::uint64_t> marks_;
  std::uint64_t lines_ = 0, present_ = 0, cycle_ = 0;
  std::uint64_t beginning_ = 0;  // lines
  std::ptrdiff_t came_ = 0;      // nodes that came, less those that left, since the last moment
  std::int64_t time_ = 0;
  std::string branch_ = "main";
  std::optional<std::uint64_t> made_;  // by the present command
};

}  // namespace delstep
