#pragma once
/// What has happened, as numbered lines of JSON: a page that was away asks for what it has missed.
///
/// Numbers begin at 0 and are given once. The newest 64 MiB are kept, so that a page may be away for
/// a while and memory has an end.
///
///   log.Append(event, addresses);                       // on the command's thread
///   const auto missed = log.Range({.since = 2271});     // on a thread of the server
///
/// Threads: any.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

#include "delstep/event.h"
#include "recording/address_book.h"

namespace delstep {

class EventLog {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20;

  /// `first`: the number of the first event, where others came before that are kept elsewhere.
  explicit EventLog(std::size_t most_bytes = kMostBytes, std::uint64_t first = 0)
      : most_bytes_(most_bytes), oldest_(first) {}

  void Append(const Event& event, const AddressBook& addresses);
  /// A line of events.jsonl; its kind: of a single message, a new node, or the end of a moment.
  enum class Kind : std::uint8_t { kOther, kQueued, kSent, kDelivered, kLost, kNode, kMoment };
  void AppendLine(std::string json, Kind kind, std::int64_t time);

  std::uint64_t next() const;    ///< the number that the next event gets
  std::uint64_t oldest() const;  ///< of the events that are kept

  struct Question {
    std::uint64_t since = 0;
    std::size_t events = 5000;    ///< at most
    std::size_t bytes = 1 << 20;  ///< at most, but one event is always given
    /// Single messages are left out; one line at the end says how many there were.
    bool sums_messages = false;
  };
  /// In order. `first` is `since`, or the oldest one that is kept; `next` is where to go on.
  struct Answer {
    std::uint64_t first = 0, next = 0, oldest = 0;
    std::string list;  ///< [{...},{...}]
  };
  Answer Range(const Question& question) const;

  /// Where to go on for whoever comes after `since` and cannot keep up.
  struct Skip {
    std::size_t behind = 10'000;  ///< events; who is no further behind goes on
    std::size_t whole = 100'000;  ///< what one command did is brought whole up to this many
  };
  struct Skipped {
    std::uint64_t next =
        0;              ///< `since`, or the event behind the end of a moment close to the newest
    std::string nodes;  ///< what was left out of new nodes: [{...},{...}]
  };
  Skipped SkipFrom(std::uint64_t since, const Skip& skip) const;

 private:
  struct Line {
    std::string json;
    std::int64_t time = 0;
    Kind kind = Kind::kOther;
  };

  std::uint64_t FreshFrom(std::uint64_t since, const Skip& skip) const;

  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::deque<Line> lines_;  // guarded by mutex_, as are the next two
  std::uint64_t oldest_;
  std::size_t kept_ = 0;
};

}  // namespace delstep
