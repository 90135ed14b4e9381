#pragma once
/// One session for several people: a prompt, pages, a program.
///
/// A session has one caller at a time. The host gives it to whoever asks, in the order of asking, and
/// keeps what everybody may look at without waiting: the moments, and what has happened.
///
///   host.Work("terminal", [&] { session.FeedLine(line); });   // the prompt, in its own thread
///   host.Run("page 1", "train; flood");                       // a page, in a thread of the server
///   const auto present = host.Latest();                       // anybody, at any time
///
/// Threads: any, unless said otherwise. Events and results reach observers on the thread of the
/// command, while nobody else has the session.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/history/moments.h"
#include "console/session/session.h"
#include "delstep/event.h"
#include "delstep/mobility.h"
#include "delstep/simulation.h"
#include "delstep/snapshot.h"

namespace delstep {

/// What there is to look at between two commands, as one value that never changes.
struct PresentView {
  std::uint64_t number = 0;  ///< counts up
  Snapshot snapshot;         ///< none: the network cannot go back, and nothing but this can be seen
  std::shared_ptr<const Moments> moments;
  /// Snapshots of the moments that are kept, by number.
  std::shared_ptr<const std::map<MomentNumber, Snapshot>> kept;
  MomentNumber oldest = 0;  ///< from here on one can go back
  std::string why_not;      ///< the network cannot go back: the reason; else ""
  std::string prompt;
  std::string next;              ///< what happens next, in a sentence; "" for nothing
  std::vector<Position> places;  ///< of all nodes ever, by number; 0 of those who have left
  std::size_t queued = 0;
};

class SessionHost {
 public:
  /// Both outlive the host.
  SessionHost(Session& session, const Simulation& simulation);
  /// Nobody is at work.
  ~SessionHost() = default;
  SessionHost(const SessionHost&) = delete;
  SessionHost& operator=(const SessionHost&) = delete;

  /// Waits for its turn and calls `work`, which alone may use session and simulation meanwhile.
  /// `client` is who is told to be at work: "terminal".
  void Work(std::string_view client, const std::function<void()>& work);
  /// The same, unless somebody is at work: false, and nothing was called.
  bool TryWork(std::string_view client, const std::function<void()>& work);

  /// What commands have led to.
  struct Answers {
    std::vector<std::string> objects;  ///< of --json, in order, without line ends
    int code = 0;                      ///< of the first error
    bool exits = false;                ///< `exit` was given: the program should end
  };
  /// Runs commands as a request (see Session::RunRequest()), in its turn.
  Answers Run(std::string_view client, std::string commands);
  /// Stops the command that runs, at its next safe point, and what it came from: a request, a line,
  /// a script. The session goes on (see Session::cancelled()), and what others have waiting runs
  /// next. False: none runs.
  bool Cancel();
  /// Who is at work and with what; nothing: nobody is.
  struct Busy {
    std::string client, command;
    double seconds = 0;
    Session::Place place;  ///< how far
  };
  std::optional<Busy> BusyNow() const;

  /// The session in one's hand for as long as this lives, for callers whose work is no function.
  class Hold;
  /// As TryWork(). Null: somebody is at work.
  std::unique_ptr<Hold> TryHold(std::string_view client);
  /// Waits until nobody is at work, at most for so long. Others may be faster then.
  void WaitForOthers(std::chrono::milliseconds most);

  /// Latest() as it would be by now, unless somebody is at work. One who changes the session in the
  /// hand thousands of times per second does not make it anew each time; whoever looks does.
  void CatchUp();

  /// As it was after the last command; never null once Publish() was called.
  std::shared_ptr<const PresentView> Latest() const;
  /// From now on Latest() follows: costs a little after each command. To be called while having the
  /// session.
  void Publish();

  /// Called with every result of every client, and who that was. To be called while having the
  /// session; the observer stays until the host goes.
  using ResultObserver = std::function<void(std::string_view client, const CommandResult& result)>;
  void ObserveResults(ResultObserver observer);

 private:
  class Turn;
  void Refresh();
  std::vector<Position> Places() const;
  std::string Client() const;

  Session& session_;
  const Simulation& simulation_;
  mutable std::mutex mutex_;
  std::condition_variable turn_;
  std::uint64_t asked_ = 0, given_ = 0;  // guarded by mutex_, as are the next three
  std::optional<Busy> busy_;
  std::chrono::steady_clock::time_point began_;
  std::shared_ptr<const PresentView> latest_;
  // Of whoever has the session.
  bool publishes_ = false;
  std::uint64_t refreshes_ = 0;
  std::chrono::steady_clock::time_point refreshed_;
  std::atomic<bool> stale_ = false;  // from any thread
  std::vector<ResultObserver> observers_;
};

class SessionHost::Hold {
 public:
  virtual ~Hold() = default;
  /// The session is another one when this ends: Latest() follows, now or at the next CatchUp().
  virtual void Change() = 0;
};

}  // namespace delstep
