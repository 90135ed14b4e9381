#pragma once
/// The tree of moments of a recorded run, out of its events: what /api/history tells of a session.
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

  /// A line of events.jsonl, in order.
  void Note(std::string_view line);
  /// So many lines tell how the run began; nothing has happened in them.
  void SetBeginning(std::uint64_t lines);
  /// As /api/history. Nothing is kept, as nothing can be gone to.
  std::string ToJson() const;
  std::uint64_t present() const { return present_; }
  const std::string& branch() const { return branch_; }
  std::int64_t time() const { return time_; }
  std::uint64_t cycle() const { return cycle_; }

 private:
  struct Entry {
    std::optional<std::uint64_t> parent;
    std::string branch, command;
    std::int64_t time = 0;
    std::uint64_t cycle = 0, event = 0;
  };
  void NoteDone(const std::string& command, std::uint64_t next);

  std::map<std::uint64_t, Entry> moments_;
  std::vector<std::pair<std::string, std::uint64_t>> branches_;  // with the last moment
  std::map<std::string, std::uint64_t> marks_;
  std::uint64_t lines_ = 0, present_ = 0, cycle_ = 0;
  std::int64_t time_ = 0;
  std::string branch_ = "main";
  std::optional<std::uint64_t> made_;  // by the present command
};

}  // namespace delstep
