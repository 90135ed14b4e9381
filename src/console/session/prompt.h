#pragma once
#include <string>

#include "console/history/moments.h"
#include "delstep/simulation.h"

namespace delstep {

/// What stands before the line that a person types: where the run is.
/// "[cycle 3 · t=12.4s · 12 nodes · 11 queued]> "
std::string PromptOf(const Simulation& simulation, const Moments& moments);

}  // namespace delstep
