#include "apps/delstep/sweep.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "apps/delstep/processes.h"
#include "apps/delstep/setup.h"
#include "apps/delstep/sweep_elsewhere.h"
#include "apps/delstep/sweep_lock.h"
#include "apps/delstep/sweep_plan.h"
#include "base/child_process.h"
#include "base/files.h"
#include "base/text.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

/// Skips what is done, and refuses to touch what is not ours. With --again nothing is done from now on,
/// so that the command without it goes on where this one is stopped.
Result<void> LookAtFolders(const Arguments& arguments, std::vector<SweepRun>& runs) {
  std::vector<const SweepRun*> anew;
  for (SweepRun& run : runs) {
    const RunState state = StateOf(run);
    if (state == RunState::kForeign)
      return Refused(
          fmt::format("'{}' holds something that no sweep has made", run.folder.string()),
          "choose another folder with --out, or move this one away");
    if (arguments.sweep.again) {
      if (state != RunState::kNew) anew.push_back(&run);
      continue;
    }
    if (state == RunState::kOther || state == RunState::kEarlier)
      return Refused(
          fmt::format("'{}' was made {}", run.folder.string(),
                      state == RunState::kEarlier ? "by an earlier version of delstep"
                                                  : "with other commands, settings or files"),
          "--again makes all runs anew; or choose another folder with --out");
    run.skipped = state == RunState::kDone;
  }
  // When all of them may be touched.
  for (const SweepRun* run : anew) DELSTEP_TRY(MarkAsBegun(*run));
  return {};
}

/// Of an earlier sweep: it holds runs that go now, and would stay where none of the new ones is done.
Result<void> RemoveTable(const std::string& table) {
  std::error_code failed;
  fs::remove(table, failed);
  if (!failed) return {};
  return BadFile(fmt::format("cannot remove '{}', the table of an earlier sweep: {}", table,
                             failed.message()));
}

/// As a run ends on Ctrl-C, which the terminal sends it too, or on SIGTERM, which Stop() sends it.
bool EndedBySignal(int code) {
  return code == static_cast<int>(ErrorCode::kInterrupted) ||
         code == static_cast<int>(ErrorCode::kTerminated);
}

std::string OutputOf(const SweepRun& run) { return (run.folder / "output.txt").string(); }

/// The processes, as many at once as there are threads that call Work().
class SweepPool {
 public:
  SweepPool(std::vector<SweepRun>& runs, const std::function<void(std::string_view)>& tell)
      : runs_(runs), tell_(tell) {
    for (const SweepRun& run : runs) left_ += run.skipped ? 0 : 1;
    all_ = left_;
  }

  /// Takes one run after the other until none is left.
  void Work() {
    for (std::size_t i; (i = next_++) < runs_.size();)
      if (!runs_[i].skipped && !stopped_) RunOne(runs_[i]);
  }

  /// The same in other processes.
  void WorkElsewhere(Processes& others, std::size_t jobs) {
    std::map<std::size_t, std::chrono::steady_clock::time_point> begun;
    RunElsewhere(
        others, jobs,
        [&]() -> std::optional<SweepOrder> {
          for (std::size_t i; (i = next_++) < runs_.size();) {
            if (runs_[i].skipped || stopped_) continue;
            if (const auto ready = PrepareFolder(runs_[i]); !ready) {
              Fail(ready.error());
              continue;
            }
            begun[i] = std::chrono::steady_clock::now();
            return SweepOrder{.number = i,
                              .output = OutputOf(runs_[i]),
                              .words = runs_[i].words,
                              .variables = KeysOfEnvironment(),
                              .task = runs_[i].parts};
          }
          return std::nullopt;
        },
        [&](std::size_t i, const Result<int>& code) { End(runs_[i], code, begun[i]); },
        [&] { return stopped_.load(); });
  }

  /// From any thread: no further run begins, and those under way are told to end.
  void Stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (const pid_t child : children_) kill(child, SIGTERM);
  }

  bool stopped() const { return stopped_; }
  const std::optional<Error>& error() const { return error_; }

 private:
  void RunOne(SweepRun& run) {
    const auto began = std::chrono::steady_clock::now();
    End(run, Start(run), began);
  }

  void End(SweepRun& run, const Result<int>& code, std::chrono::steady_clock::time_point began) {
    if (code && *code == 0)
      if (const auto noted = NoteDone(run); !noted) return Fail(noted.error());
    if (!code) return Fail(code.error());
    run.code = *code;
    Tell(run, std::chrono::steady_clock::now() - began);
  }

  /// Runs it to its end; its exit code.
  Result<int> Start(const SweepRun& run) {
    DELSTEP_TRY(PrepareFolder(run));
    const std::string file = OutputOf(run);
    const int output = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (output < 0)
      return BadFile(
          fmt::format("cannot write '{}': {}", file, std::generic_category().message(errno)));
    std::unique_lock lock(mutex_);
    // Who is told to stop later is among the children by then.
    const auto child =
        stopped_ ? Result<pid_t>(Interrupted("stopped"))
                 : StartChild(run.words, {.output = output, .error = output, .ends_with_us = true});
    if (child) children_.insert(*child);
    lock.unlock();
    close(output);
    if (!child) return child.error();
    // It keeps its number until it is taken off the list: another process may get it afterwards.
    siginfo_t ended{};
    while (waitid(P_PID, static_cast<id_t>(*child), &ended, WEXITED | WNOWAIT) != 0 &&
           errno == EINTR)
      continue;
    lock.lock();
    children_.erase(*child);
    return WaitForChild(*child);
  }

  void Fail(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!error_ && error.code != ErrorCode::kInterrupted) error_ = error;
    // What one folder cannot take, a full disk, the others cannot either.
    stopped_ = true;
  }

  void Tell(const SweepRun& run, std::chrono::duration<double> took) {
    const std::lock_guard lock(mutex_);
    --left_;
    if (stopped_) return;
    const std::string why = run.code == 0 ? "" : FirstErrorOf(run);
    const double passed =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
    const double ahead = passed / static_cast<double>(all_ - left_) * static_cast<double>(left_);
    tell_(fmt::format("[{}/{}] {}: {}, {:.1f} s{}\n", all_ - left_, all_, run.name,
                      run.code == 0 ? "done" : fmt::format("exit code {}", run.code), took.count(),
                      left_ == 0 || ahead < 1 ? "" : fmt::format("; about {:.0f} s to go", ahead)));
    if (!why.empty()) tell_(fmt::format("  {}\n", why));
  }

  std::vector<SweepRun>& runs_;
  const std::function<void(std::string_view)>& tell_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::set<pid_t> children_;  // guarded by mutex_, as are the next three
  std::size_t all_ = 0, left_ = 0;
  std::optional<Error> error_;
};

std::size_t JobsFor(const Arguments& arguments, std::size_t runs) {
  const std::size_t wanted = arguments.sweep.jobs != 0
                                 ? arguments.sweep.jobs
                                 : std::max(1U, std::thread::hardware_concurrency());
  return std::min(wanted, runs);
}

}  // namespace

Result<SweepOutcome> Sweep(const Arguments& arguments, const Registry& registry, SignalWatch& watch,
                           FellowProcesses& fellows,
                           const std::function<void(std::string_view)>& tell) {
  SweepOutcome outcome;
  DELSTEP_ASSIGN(outcome.runs, PlanRuns(arguments, registry));
  DELSTEP_ASSIGN(const SweepLock lock, SweepLock::Take(arguments.out));
  for (SweepRun& run : outcome.runs) run.beginner = SweepLock::Holder();
  DELSTEP_TRY(LookAtFolders(arguments, outcome.runs));
  const std::string table = (fs::path(arguments.out) / "sweep.csv").string();
  if (!std::ranges::all_of(outcome.runs, &SweepRun::skipped)) DELSTEP_TRY(RemoveTable(table));
  SweepPool pool(outcome.runs, tell);
  std::atomic<int> signal_code{0};
  watch.FinishWhenTerminated();  // what is done goes into the table
  watch.SetStop([&](ErrorCode code) {
    signal_code = static_cast<int>(code);
    pool.Stop();
  });
  Processes* const others = fellows.ShareSweep();
  if (watch.BeginWork()) {
    std::vector<std::jthread> threads;
    if (others) threads.emplace_back([&] { pool.WorkElsewhere(*others, arguments.sweep.jobs); });
    for (std::size_t i = 0; i < JobsFor(arguments, outcome.runs.size()); ++i)
      threads.emplace_back([&] { pool.Work(); });
    threads.clear();  // joins them
    watch.EndWork();
  } else if (const auto pending = watch.TakePending()) {
    signal_code = static_cast<int>(*pending);
    pool.Stop();
    if (others) pool.WorkElsewhere(*others, arguments.sweep.jobs);
  }
  watch.SetStop({});
  if (pool.error()) return *pool.error();
  outcome.stopped = signal_code != 0;
  for (SweepRun& run : outcome.runs) {
    run.stopped = outcome.stopped && EndedBySignal(run.code);
    if (outcome.code == 0 && run.failed()) outcome.code = run.code;
  }
  if (outcome.stopped) outcome.code = signal_code;
  if (std::ranges::any_of(outcome.runs, &SweepRun::done)) {
    outcome.table = table;
    DELSTEP_TRY(GatherTable(outcome.runs, outcome.table));
    if (const std::size_t more = CountOtherRuns(outcome.runs, arguments.out); more > 0)
      tell(fmt::format("delstep: note: {} of other values {} in {}, and not in {}\n",
                       Count(more, "run"), more == 1 ? "is" : "are", arguments.out, outcome.table));
  }
  return outcome;
}

}  // namespace delstep
