#pragma once
/// The branch that a run was on last, from its events: what a picture of the run shows.
///
/// A script may go to any moment by `undo`, `redo`, `goto` and `switch`, and go on there. Of all it has
/// done, the branch is what led from the start to the moment it was at last: each moment's parent tells.
#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "delstep/result.h"
#include "plotting/contacts.h"
#include "plotting/run_metrics.h"

namespace delstep {

struct LastBranch {
  /// Numbers of the commands that made its moments or looked at them, the first one of the events
  /// being 0. In the order of the moments, which is another one than theirs where the script has been
  /// at a moment several times.
  std::vector<std::uint64_t> commands;
  /// Some of what was done is on another branch, or was done in another order.
  bool went_back = false;
  std::vector<ContactEvent> contacts;  ///< in the order in which they came about on the branch
};

/// Reads `events.jsonl`, one JSON object a line. A last line without a line feed was cut off, and is
/// passed over.
///
/// Errors (kFile), with where = "NAME:LINE": a line of a moment or of a contact that is no such
/// object.
Result<LastBranch> ReadLastBranch(std::istream& events, const std::string& name);

/// Leaves the values of the branch's commands, in its order, with the commands numbered anew, without
/// gaps. `first`: the number of the first command in the table, which is not 0 where the run was
/// resumed. A run that never went back stays as it is.
void KeepBranch(const LastBranch& branch, std::uint64_t first, RunMetrics& run);

}  // namespace delstep
