#pragma once
/// A session as a page sees it: what is asked is answered, what is typed there runs in its turn, and
/// what happens is told to all who listen.
///
///   SessionPage page({.of = session, .facts = facts});    // while having the session
///   const auto server = HttpServer::Start(page, page.hub(), options);
///   page.SetShare(address);
///   ... page.Note(event), page.NoteResult(client, result) ...
///   page.Close();                                         // then the server goes, then this
///
/// A thread of its own brings the present to the pages: after each command, and four times per
/// second while one runs. Nothing that a page does or leaves undone makes a command wait.
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "console/host/session_host.h"
#include "console/session/command_result.h"
#include "delstep/event.h"
#include "delstep/registry.h"
#include "delstep/simulation.h"
#include "page/event_log.h"
#include "page/event_marks.h"
#include "page/group_flows.h"
#include "page/hello_json.h"
#include "page/moment_places.h"
#include "page/page_source.h"
#include "page/session_moments.h"
#include "page/stream_hub.h"
#include "page/votes.h"
#include "recording/address_book.h"

namespace delstep {

/// What a page is a page of. Everything outlives it.
struct HostedSession {
  SessionHost& host;
  Session& session;
  const Simulation& simulation;
  const Registry& registry;
};

class SessionPage : public PageSource {
 public:
  struct Parts {
    HostedSession of;
    HelloFacts facts;
    /// Called, from a thread of the server, when `exit` was given in a page.
    std::function<void()> exit;
  };
  explicit SessionPage(Parts parts);
  ~SessionPage() override;

  StreamHub& hub() { return hub_; }
  void SetShare(std::string address);

  // ---- On the thread of a command, which has the session.
  void Note(const Event& event);
  void NoteCommand(const CommandDone& command);
  void NoteResult(std::string_view client, const CommandResult& result);

  /// Commands are refused from now on, those of pages that run or wait are stopped, and streams
  /// end. Waits for them.
  void Close();

  // ---- Of the server.
  PageAnswer Get(const PageQuestion& question) override;
  PageAnswer Post(const PageQuestion& question) override;
  std::vector<std::pair<std::string, std::string>> NodesInText() const override;

 private:
  class Running;  // a command of a page
  PageAnswer Hello(const PageQuestion& question);
  PageAnswer Events(const PageQuestion& question) const;
  PageAnswer Complete(const PageQuestion& question);
  PageAnswer Help(const PageQuestion& question) const;
  PageAnswer Lesson(const PageQuestion& question) const;
  PageAnswer RunCommands(const PageQuestion& question);
  PageAnswer Ask(const PageQuestion& question);
  PageAnswer Vote(const PageQuestion& question);
  PageAnswer TellVotes();
  /// "page 1", by what a page calls itself.
  std::string ClientName(const std::string& own);
  /// A moment was made, and is the present one.
  void NoteMade(MomentNumber moment);
  void Watch();
  void TellPresent();

  Parts parts_;
  EventLog log_;
  StreamHub hub_{log_};
  EventMarks marks_;
  GroupFlows flows_;
  MomentPlaces places_;
  SessionMoments moments_;
  Votes votes_;
  AddressBook addresses_;  // of the thread of commands, as are the next two
  bool restored_ = false;
  std::uint64_t cycle_ = 0;  // in which the present command began

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::string share_;  // guarded by mutex_, as are the next four
  std::map<std::string, int> clients_;
  std::size_t running_ = 0;  // commands of pages
  bool closing_ = false, ended_ = false;
  std::thread watch_;
};

}  // namespace delstep
