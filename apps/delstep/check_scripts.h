#pragma once
#include "apps/delstep/arguments.h"
#include "apps/delstep/teller.h"
#include "console/session/json.h"
#include "delstep/registry.h"
#include "delstep/simulation.h"
#include "scenario/config.h"

namespace delstep {

/// `--check`: looks for what is wrong in the scripts of the arguments, those of --check first, then
/// those that would run. Nothing runs, but standard input is read to its end where it is one of
/// them. Tells each error, with --json as an object; then a last object has the names of the
/// scripts, how many errors there are, and the code. Scripts may name the groups and nodes that the
/// simulation has. Returns the code of the first error, or 0.
int CheckScripts(const Arguments& arguments, const Simulation& simulation, const Config& config,
                 const Registry& registry, Teller& teller, JsonStream& json);

}  // namespace delstep
