#pragma once
/// The program as one of several processes of a run: `mpirun -n 4 delstep ...`.
#include <memory>
#include <string_view>

#include "cluster/processes.h"
#include "delstep/result.h"

namespace delstep {

class Cluster;

/// Whether this process was started by mpirun and does not lead (cluster/processes.h). Then it has no
/// session: ServeOthers() is all that it does.
bool IsMember();
/// What is said where memory has run out; it names this process and its machine if it is one of several.
Error OutOfMemory();

/// Holds rows and computes until the run is over. Returns the exit code. Errors: those of
/// JoinProcesses(). Where memory runs out that is said on standard error before the exception leaves,
/// which ends all processes on its way.
Result<int> ServeOthers();

/// The processes that were started with this one, which is the first of them. They wait to be told what they
/// are for: one of the two below, once, or nothing when this goes.
class FellowProcesses {
 public:
  /// There may be none. Errors: those of JoinProcesses(); kUnavailable for more than kMostProcesses.
  static Result<FellowProcesses> Find();
  ~FellowProcesses();
  FellowProcesses(FellowProcesses&&) noexcept = default;
  FellowProcesses& operator=(FellowProcesses&&) = delete;

  /// Whether there were any. An exception that reaches the end of this object ends all of them at once:
  /// what is to be said is said before.
  bool any() const { return processes_ || cluster_; }
  /// One run is spread over all of them; null where there are none. It lives as long as this at least.
  std::shared_ptr<Cluster> ShareRun();
  /// They start the runs of a sweep (apps/delstep/sweep_elsewhere.h); null where there are none.
  Processes* ShareSweep();

 private:
  explicit FellowProcesses(std::unique_ptr<Processes> processes);
  void Tell(std::string_view word);

  std::unique_ptr<Processes> processes_;
  std::shared_ptr<Cluster> cluster_;  // has them from ShareRun() on
  bool told_ = false;
};

}  // namespace delstep
