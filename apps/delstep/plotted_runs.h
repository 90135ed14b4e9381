#pragma once
/// The folders that `delstep plot` is given, as runs.
#include <string>
#include <vector>

#include "delstep/result.h"
#include "plotting/figure.h"

namespace delstep {

/// Reads the metrics of each folder, which holds a run or a sweep, and the contacts among their
/// events. Where a run went back, its events tell what is of the branch that it was on last.
///
/// A run by itself has the values of its config.toml as settings, but for keys of the machine that
/// no result depends on. Runs that were given other commands differ in the setting `script`, which
/// has the name of the first run with those commands.
///
/// Errors (kFile): a folder is missing or holds neither run nor sweep, or a file in it is bad.
Result<std::vector<PlottedRun>> ReadPlottedRuns(const std::vector<std::string>& folders);

/// What a folder is called: its own name, also of "." and "runs/a/".
std::string NameOfFolder(const std::string& folder);

}  // namespace delstep
