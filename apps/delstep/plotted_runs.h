#pragma once
/// The folders that `delstep plot` is given, as runs.
#include <string>
#include <vector>

#include "delstep/result.h"
#include "plotting/figure.h"

namespace delstep {

/// Reads the metrics of each folder, which holds a run or a sweep, and if `with_contacts` the
/// contacts among their events.
///
/// A run by itself has the values of its config.toml as settings, but for keys of the machine that
/// no result depends on. Runs that were given other commands differ in the setting `script`, which
/// has the name of the first run with those commands.
///
/// Errors (kFile): a folder is missing or holds neither run nor sweep, or a file in it is bad.
Result<std::vector<PlottedRun>> ReadPlottedRuns(const std::vector<std::string>& folders,
                                                bool with_contacts);

/// What a folder is called: its own name, also of "." and "runs/a/".
std::string NameOfFolder(const std::string& folder);

}  // namespace delstep
