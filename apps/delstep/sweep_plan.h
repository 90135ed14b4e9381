#pragma once
/// Which runs a sweep has, and what each is asked to do.
#include <vector>

#include "apps/delstep/arguments.h"
#include "apps/delstep/sweep_run.h"
#include "delstep/registry.h"
#include "delstep/result.h"

namespace delstep {

/// The runs of the grid of `arguments` (verb kSweep), in its order, each looked at as far as that goes
/// without its data: a value that is wrong is told before the first one has run for an hour. Their
/// folders are not looked at.
///
/// Errors: kUsage for a grid that is wrong (SweepGrid::Parse), no script, a value that is wrong in any
/// of the runs, or two runs that are the same; kFile for a scenario or script.
Result<std::vector<SweepRun>> PlanRuns(const Arguments& arguments, const Registry& registry);

}  // namespace delstep
