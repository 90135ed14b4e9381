#pragma once
/// `--check`: what is wrong with a script, without running it.
#include <string>
#include <vector>

#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "scenario/config.h"

namespace delstep {

/// Reads a script and its loads, follows the commands that change what later ones may name or set,
/// and runs nothing. Returns the errors (empty: fine); the first one's code is the exit code.
std::vector<Error> CheckScript(const std::string& path, const Simulation& simulation,
                               const Config& config, const Registry& registry);

}  // namespace delstep
