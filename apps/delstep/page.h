#pragma once
/// The page of the program's session: `--page`, and the command `page`.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "console/commands/command_table.h"
#include "console/host/session_host.h"
#include "console/session/command_result.h"
#include "delstep/event.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "page/http_server.h"
#include "page/session_page.h"

namespace delstep {

/// Each has a token in it: who knows an address has its rights.
struct PageAddresses {
  std::string command, watch;
};

/// Serves a page, ends it, and tells it what happens. Where none is served, telling costs nothing.
///
/// Goes before the session and its host. Threads: all functions are called by whoever has the
/// session (see SessionHost), but for Stop(), which is called when nobody works any more.
class ServedPage {
 public:
  struct Parts {
    HostedSession of;
    std::string scenario;            ///< its name
    std::vector<std::string> words;  ///< of WordsOfSession()
    std::string bind;                ///< the address to listen on; empty: 127.0.0.1
    /// Says a line to the person at the terminal alone: addresses have secrets in them.
    std::function<void(std::string_view)> say;
    /// `exit` was given in a page: from any thread.
    std::function<void()> exit;
    /// `page off` was given, by whomever: from any thread.
    std::function<void()> off;
  };
  explicit ServedPage(Parts parts);
  ~ServedPage();

  /// The address that the next page listens on; empty: 127.0.0.1.
  void SetBind(std::string bind);
  /// Listens, and says both addresses. Errors: those of HttpServer::Start(); kRefused if a page is
  /// served on another port already.
  Result<void> Serve(int port);
  /// The command `page`, see CommandContext::page.
  Result<std::optional<PagePlace>> Obey(const PageRequest& request);
  /// Nothing: no page is served.
  std::optional<PageAddresses> addresses() const;
  /// From any thread.
  bool serves() const { return serves_; }
  /// Commands of pages are stopped, and pages are told that the session has ended.
  void Stop();

  void Note(const Event& event);
  void NoteCommand(const CommandDone& command);
  void NoteResult(std::string_view client, const CommandResult& result);

 private:
  struct Served {
    std::unique_ptr<SessionPage> page;
    std::unique_ptr<HttpServer> server;  // goes first: it calls the page
  };
  void SayAddresses() const;
  void EndLater();

  Parts parts_;
  std::optional<Served> served_;
  std::atomic<bool> serves_ = false;
  std::vector<std::thread> endings_;  // of pages that are being closed
};

/// $DELSTEP_PAGE_FILE: a page to serve instead of the one in the program, for those who write it.
std::string PageFile();

}  // namespace delstep
