#pragma once
/// A run inside of another program, such as a Python process: what the program `delstep` is from its
/// arguments to its answers, without terminal and signals.
///
///   DELSTEP_ASSIGN(auto run, EmbeddedRun::Create({.scenario = "mnist-12"}, {}));
///   run->Run("train; flood").objects      // {"v":2,"n":1,"cmd":"train",...}, {...}
///
/// It keeps what happens, for whoever asks later: events and metrics, in the form of a run
/// directory's files.
///
/// Threads: one caller at a time, but Stop(), which may come from any thread; with a page, see host().
/// Several runs may live in one process.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apps/delstep/page.h"
#include "apps/delstep/recording.h"
#include "console/host/session_host.h"
#include "console/session/session.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "python/native/event_lines.h"
#include "recording/metrics.h"
#include "scenario/config.h"

namespace delstep {

struct EmbeddedOptions {
  std::string scenario{};                ///< name or file (.toml, .cpp); empty: the default
  std::vector<std::string> overrides{};  ///< key=value
  std::string resume{};                  ///< a checkpoint to go on from, instead of a scenario
  std::string out{};                     ///< folder for the files of the run; empty: none
  bool keeps = true;                     ///< events and metrics, in memory
};

class EmbeddedRun {
 public:
  /// `add_parts` enters parts of the caller's own before anything is made. Errors: all that keeps
  /// the program from beginning, such as a wrong key; then nothing is left behind.
  static Result<std::unique_ptr<EmbeddedRun>> Create(
      const EmbeddedOptions& options, const std::function<void(Registry&)>& add_parts);
  EmbeddedRun(const EmbeddedRun&) = delete;
  EmbeddedRun& operator=(const EmbeddedRun&) = delete;

  /// What commands have led to.
  struct Answers {
    std::vector<std::string> objects{};  ///< of --json, one per command that was begun
    bool exits = false;                  ///< `exit` was given
  };
  /// Runs commands as a request of the JSON protocol: the first error ends them, not the run.
  Answers Run(std::string commands);
  /// What runs now ends at its next safe point.
  void Stop();
  /// To be called before Run(): a Stop() until now, when nothing ran, stops nothing.
  void ForgetStop() { session_->ForgetInterrupt(); }
  /// For a part of the caller's own that has failed inside of a command: at its end what it has done
  /// is taken back, if this network can go back. It makes no moment.
  void TakeBackAtEnd() { part_failed_ = true; }

  // ---- A page. While one is served the session has more than one caller: each function above and
  // below, but Stop(), is called while holding host(), and Run() and SetModel() tell the hold so.

  SessionHost& host() { return *host_; }
  /// Serves a page, on any free port for 0; where one is served already on that port, or for 0, it
  /// is that one. Errors: those of ServedPage::Serve().
  Result<PageAddresses> ServePage(int port, std::string bind);
  /// False: none was served. Its port is free at once.
  bool EndPage();
  /// Commands of pages are stopped. Not while holding host(), and without any lock that they need.
  void StopPage() { page_->Stop(); }

  Simulation& simulation() { return *simulation_; }
  const Simulation& simulation() const { return *simulation_; }
  const Session& session() const { return *session_; }
  const Config& config() const { return config_; }
  const Registry& registry() const { return registry_; }
  /// What the user should know of how the run began, one sentence each.
  const std::vector<std::string>& notes() const { return notes_; }

  /// Why the files of the run cannot be written any more, as on a full disk: once, to whoever asks
  /// first. The run goes on without them.
  std::optional<Error> TakeRecordingFailure() {
    return std::exchange(recording_failure_, std::nullopt);
  }

  /// Replaces a node's model as a command would: in the log, in the events, with a moment of its own.
  /// Errors: those of Simulation::SetModel(); then nothing has changed.
  Result<void> SetModel(NodeId node, std::span<const float> values);

  /// As the lines of events.jsonl, from number `since` on.
  std::string Events(std::uint64_t since) const { return events_.Lines(since); }
  std::uint64_t oldest_event() const { return events_.oldest(); }
  std::uint64_t next_event() const { return events_.next(); }
  /// As metrics.csv.
  std::string MetricsTable() const;

 private:
  EmbeddedRun();
  Result<void> Begin(const EmbeddedOptions& options);
  Result<void> Resume(const EmbeddedOptions& options);
  Result<void> Record(const std::string& out);
  Session::Outputs OutputsOfSession();
  void CollectNotes();
  void Observe();
  void EndCommand(const Session::CommandRecord& command);
  void BeginPage();
  bool IsOwnCode(std::string_view key, const std::string& name) const;
  Result<std::optional<PagePlace>> ObeyPage(const PageRequest& request);

  // In the order in which they are made; each uses only those above it.
  Registry registry_;
  Config config_{registry_};
  std::vector<std::string> notes_;
  std::unique_ptr<Simulation> simulation_;
  JsonStream json_;
  std::vector<std::string> objects_;  // of the commands that run
  std::unique_ptr<Session> session_;
  std::unique_ptr<SessionHost> host_;
  std::string scenario_;            // its name
  std::vector<std::string> words_;  // that begin the same session in the program
  std::optional<Recording> recording_;
  std::optional<Error> recording_failure_;
  bool keeps_ = true;
  EventLines events_;
  Metrics metrics_{"run"};
  std::string metrics_rows_;
  bool restored_ = false;                        // by the present command
  std::uint64_t cycle_ = 0;                      // in which the present command began
  bool part_failed_ = false;                     // in the present command
  std::vector<std::string> rules_, behaviours_;  // that are not the caller's own
  std::optional<ServedPage> page_;               // goes first
};

}  // namespace delstep
