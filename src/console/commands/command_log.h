#pragma once
/// The log of a session, of bounded size: a run of a million rounds must not fill the memory with
/// what nobody will read.
///
/// The newest 100,000 commands and the newest 1,000,000 results are kept, apart from each other:
/// results are what a study is made for, and many commands must not push them out. What is dropped
/// is counted, and `log` and `save results` say so first. A run directory (--out) keeps everything.
///
/// Entries are dropped some at a time, so up to a quarter more than the limits may be there.
/// Threads: one.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "console/commands/log_entry.h"

namespace delstep {

class CommandLog {
 public:
  static constexpr std::size_t kMostCommands = 100'000, kMostResults = 1'000'000;

  explicit CommandLog(std::size_t most_commands = kMostCommands,
                      std::size_t most_results = kMostResults)
      : commands_{.most = most_commands}, results_{.most = most_results} {}

  void Add(CommandEntry entry);
  void Add(ResultEntry entry);

  /// Oldest first.
  const std::vector<LogEntry>& entries() const { return entries_; }
  /// Of entries, since the beginning: those that were dropped too.
  std::uint64_t added() const { return entries_.size() + dropped_commands() + dropped_results(); }
  /// For a checkpoint: what there was of it when `added` entries had been added.
  void Save(ByteWriter& writer, std::uint64_t added) const;
  /// Takes over what was saved. What nobody can have saved makes the reader bad.
  void Load(ByteReader& reader);
  /// How many are not there any more.
  std::uint64_t dropped_commands() const { return commands_.dropped; }
  std::uint64_t dropped_results() const { return results_.dropped; }

 private:
  struct Kind {
    std::size_t most = 0;
    std::size_t count = 0;
    std::uint64_t dropped = 0;
    bool IsFull() const { return count > most + most / 4; }
  };
  void DropOldest();

  std::vector<LogEntry> entries_;
  Kind commands_, results_;
};

}  // namespace delstep
