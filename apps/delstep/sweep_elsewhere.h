#pragma once
/// The runs of a sweep in other processes, which may be on other machines: `mpirun -n 4 delstep sweep ...`.
///
/// Each other process starts runs as children of its own, as many at once as it has places, and tells their
/// exit codes. The folder of the sweep must be one that all machines see; the first process makes the
/// folders of runs in it, and gathers the table.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/delstep/setup.h"
#include "apps/delstep/sweep_task.h"
#include "cluster/processes.h"
#include "delstep/registry.h"
#include "delstep/result.h"

namespace delstep {

/// A run as another process starts it.
struct SweepOrder {
  std::size_t number = 0;          ///< names it in the answer
  std::string output;              ///< file of its standard output and error
  std::vector<std::string> words;  ///< the command line
  Variables variables;             ///< that set keys where the run was planned, and count here too
  SweepTask task;                  ///< with what the first process reads for it
};

/// Starts runs as the leader orders until it says that it is over. For processes other than the first. A
/// run for which other settings or files are read here is not started, and the leader is told which.
void ServeSweep(Processes& processes, const Registry& registry);

/// Has the others run whatever `next` gives until it gives nothing, and tells `ended` the number and the
/// exit code of each, or why it could not be started. Once `stopped` says so, the others end those under
/// way, and their codes still come. Returns when all have ended, and the others have been told that it
/// is over. `jobs`: places per process; 0: one per core of its machine.
/// Threads: one, in which the three functions are called.
void RunElsewhere(Processes& processes, std::size_t jobs,
                  const std::function<std::optional<SweepOrder>()>& next,
                  const std::function<void(std::size_t number, Result<int> code)>& ended,
                  const std::function<bool()>& stopped);

}  // namespace delstep
