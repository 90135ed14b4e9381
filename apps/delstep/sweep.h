#pragma once
/// delstep sweep: a grid of runs, each in a process of its own.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/delstep/arguments.h"
#include "apps/delstep/sweep_run.h"
#include "console/terminal/signals.h"
#include "delstep/registry.h"
#include "delstep/result.h"

namespace delstep {

class FellowProcesses;

struct SweepOutcome {
  std::vector<SweepRun> runs;  ///< in the order of the grid
  std::string table;           ///< file of the metrics of all that are done; empty: none is
  int code = 0;                ///< exit code: of the first run that failed, or of the signal
  bool stopped = false;        ///< by a signal
};

/// Runs what is not done yet of the grid of `arguments` (verb kSweep), `jobs` processes at once,
/// and gathers the metrics of all runs that are done. Each process has training.threads = 1 unless
/// a key says otherwise. A run that fails does not stop the others. SIGINT and SIGTERM end the
/// processes, and what is done stays. The table of an earlier sweep goes before the first run begins.
///
/// `fellows`, if there are any, run a part of them (apps/delstep/sweep_elsewhere.h).
///
/// `tell` is given a line of progress when a run ends, from any thread, one at a time.
///
/// Errors, before anything runs: kUsage for a grid that is wrong (SweepGrid::Parse), no script, or
/// a value that is wrong in any of the runs; kFile for a scenario or script; kRefused where another
/// sweep works in the folder (apps/delstep/sweep_lock.h), or a folder of a run holds something else, or
/// was made by another command and --again is not given. Later: kFile if a folder or the table cannot be
/// written.
Result<SweepOutcome> Sweep(const Arguments& arguments, const Registry& registry, SignalWatch& watch,
                           FellowProcesses& fellows,
                           const std::function<void(std::string_view)>& tell);

}  // namespace delstep
