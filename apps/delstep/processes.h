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
/// Holds rows and computes until the run is over. Returns the exit code. Errors: those of
/// JoinProcesses().
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

  /// One run is spread over all of them; null where there are none.
  std::shared_ptr<Cluster> ShareRun();
  /// They start the runs of a sweep (apps/delstep/sweep_elsewhere.h); null where there are none.
  Processes* ShareSweep();

 private:
  explicit FellowProcesses(std::unique_ptr<Processes> processes);
  void Tell(std::string_view word);

  std::unique_ptr<Processes> processes_;
  bool told_ = false;
};

}  // namespace delstep
