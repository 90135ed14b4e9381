#pragma once
/// One run of a sweep: its folder, and what stands there of it.
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "apps/delstep/sweep_task.h"
#include "delstep/result.h"

namespace delstep {

/// The folder of a run holds what `--out` records, and two files more: `output.txt` with what the
/// run printed, and `sweep.state` with its own version, a hash of all that the run was asked to do, and who has begun it,
/// or that it is done, with a hash of the metrics that it wrote. The state is written before the run
/// begins: a folder without it is not ours, and is left alone.
struct SweepRun {
  std::string name;  ///< of the folder, in that of the sweep
  std::filesystem::path folder;
  std::vector<std::pair<std::string, std::string>> values;  ///< of the swept keys
  std::vector<std::string> words;                           ///< the command line of its process
  SweepTask parts;                                          ///< all that it is asked to do
  std::string task;                                         ///< HashOfTask(parts)
  std::string beginner;  ///< the sweep that runs it, by SweepLock::Holder()
  int code = -1;         ///< exit code; below 0: it has not ended, or was not run
  bool skipped = false;  ///< it was there already

  bool stopped = false;  ///< the signal that ended the sweep has ended it

  bool done() const { return skipped || code == 0; }
  bool failed() const { return code > 0 && !stopped; }
};

enum class RunState {
  kNew,    ///< no folder, or an empty one
  kBegun,  ///< asked to do the same; not finished, or not with exit code 0, or its metrics are not
           ///< what it wrote
  kDone,   ///< asked to do the same, and finished with exit code 0
  kOther,  ///< asked to do something else, however it ended
  kEarlier,  ///< made by an earlier version, which tells nothing of what it was asked to do
  kForeign,  ///< a folder that holds something else
};

RunState StateOf(const SweepRun& run);

/// Makes the folder of a run, empty but for the state that it has begun. What an earlier run of the
/// sweep has left there goes. Requires a state other than kForeign. Errors: kFile.
Result<void> PrepareFolder(const SweepRun& run);

/// Notes that the run is to be made anew: it is kBegun from now on, whatever it was. What is in its
/// folder stays until PrepareFolder(). Requires a folder that a sweep has made. Errors: kFile.
Result<void> MarkAsBegun(const SweepRun& run);

/// Notes that the run ended with exit code 0, and what its metrics are. Errors: kFile; kRefused, and
/// nothing is noted, where another sweep has begun the run anew since PrepareFolder(): the metrics in the
/// folder are then those of the other one.
Result<void> NoteDone(const SweepRun& run);

/// The line of the run's output that says why it failed; empty where there is none.
std::string FirstErrorOf(const SweepRun& run);

/// How many runs of sweeps are in the folder that are none of these: with other values.
std::size_t CountOtherRuns(const std::vector<SweepRun>& runs, const std::filesystem::path& folder);

/// Writes the metrics of the runs that are done into one table: a column for each swept key, then
/// the columns of metrics.csv. Replaces the file whole or not at all. Errors: kFile.
Result<void> GatherTable(const std::vector<SweepRun>& runs, const std::filesystem::path& file);

}  // namespace delstep
