#pragma once
/// What a page wants to know of moments that only events tell: where they lie in the log, which
/// links there were, and when messages were sent.
///
/// Fed with every event on the thread of the command. Threads: any.
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>

#include "console/history/moments.h"
#include "delstep/event.h"
#include "delstep/types.h"

namespace delstep {

class EventMarks {
 public:
  static constexpr std::size_t kMostMessages = 1'000'000;

  /// The present moment, with which the log begins.
  void Begin(MomentNumber moment);
  /// `next`: the number that the log gives to the event after this one.
  void Note(const Event& event, std::uint64_t next);

  /// Number of the first event after the command that ended in the moment.
  std::optional<std::uint64_t> EventAfter(MomentNumber moment) const;
  /// Changes whenever links do; equal versions, equal links. Of moments before this began each has
  /// one of its own.
  std::uint64_t LinksVersion(MomentNumber moment) const;
  /// When the message was put on the wire. Nothing: it was not, or long ago.
  std::optional<SimTime> SentAt(MessageId message) const;

 private:
  void NoteSent(const Sent& sent, SimTime at);

  mutable std::mutex mutex_;
  std::map<MomentNumber, std::uint64_t> after_;  // guarded by mutex_, as are the rest
  std::map<MomentNumber, std::uint64_t> links_;
  std::optional<MomentNumber> made_;  // by the present command
  std::uint64_t version_ = 1;         // of the links now
  std::uint64_t newest_version_ = 1;
  std::uint64_t first_message_ = 0;
  std::deque<std::int64_t> sent_;  // by number of message, from the first one on; -1: not sent
};

}  // namespace delstep
