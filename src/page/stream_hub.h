#pragma once
/// Brings what happens to all pages that listen, without ever waiting for one of them.
///
/// Each page has a client here, which its thread of the server asks for what to write next. Events it
/// reads out of the log at its own pace; answers are kept for it one by one; of the present only the
/// newest is worth writing. Of a fast loop more happens than a page can draw: a client gets so many
/// events and answers per kBetween, and where it falls behind, what lies between is left out, and it
/// is told how much that was. One for which 4 MiB of answers wait while it writes is dropped: its page
/// connects again, and goes on from the event that it saw last.
///
///   const auto client = hub.Join(since);                       // a thread of the server
///   while (const auto text = hub.Next(*client)) socket << *text;
///   hub.Leave(*client);
///
///   hub.PutAnswer(json);                                       // the thread of a command
///
/// The texts are server-sent events (HTML living standard, section 9.2). Threads: any; a client
/// belongs to one.
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "page/event_log.h"

namespace delstep {

class StreamHub {
 public:
  static constexpr std::size_t kMostLag = std::size_t{4} << 20;
  static constexpr std::chrono::milliseconds kBetween{100};
  static constexpr std::size_t kMostEvents = 1500, kMostAnswers = 50;  // per kBetween
  static constexpr std::size_t kLastEvents = 5000;                     // when the session ends
  static constexpr std::chrono::seconds kHeartbeat{15};

  /// The log outlives the hub.
  explicit StreamHub(const EventLog& log) : log_(log) {}

  class Client {
   private:
    friend class StreamHub;
    std::uint64_t cursor = 0;                                // the next event
    std::deque<std::shared_ptr<const std::string>> answers;  // the newest kMostAnswers
    std::size_t answers_missed = 0, answers_left = kMostAnswers;
    std::uint64_t present_seen = 0, votes_seen = 0;
    bool writes = false, late = false, greeted = false, ended = false;
    std::chrono::steady_clock::time_point events_from{}, answers_from{};
  };

  /// From this event on; nothing: from now on.
  std::unique_ptr<Client> Join(std::optional<std::uint64_t> since);
  void Leave(Client& client);
  std::size_t clients() const;

  /// Waits until there is something to write, at most kHeartbeat. Nothing: the stream is over, or
  /// the client was too slow.
  std::optional<std::string> Next(Client& client);
  /// To be asked while writing: it is too slow.
  bool Lags(const Client& client) const;

  /// JSON, without line ends.
  void PutAnswer(std::string json);
  void PutPresent(std::string json);
  void PutVotes(std::string json);
  /// The log has new events.
  void Wake();
  /// Single messages are summed up from now on, or not any more.
  void SumMessages(bool sums);
  /// The session has ended: clients are told, and their streams end.
  void Close();

 private:
  struct Latest {
    std::string json;
    std::uint64_t version = 0;
  };
  using Time = std::chrono::steady_clock::time_point;
  static bool MayHaveAnswers(const Client& client, Time now);
  bool HasNews(const Client& client, Time now) const;
  Time NextLook(const Client& client, Time deadline) const;
  void AddEvents(Client& client, std::string& text);
  static void AddAnswers(Client& client, std::string& text);

  const EventLog& log_;
  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::set<Client*> clients_;  // guarded by mutex_, as are the rest
  Latest present_, votes_;
  bool sums_messages_ = false, closed_ = false;
};

}  // namespace delstep
