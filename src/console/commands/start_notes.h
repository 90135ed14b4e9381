#pragma once
#include <string>
#include <vector>

#include "delstep/registry.h"
#include "delstep/simulation.h"
#include "scenario/config.h"

namespace delstep {

/// What somebody who has just made a network should know before the first command: nodes without a
/// neighbour; a torus or grid whose number of nodes makes it an odd one. Each note is one line; none
/// where all is well.
std::vector<std::string> StartNotes(const Simulation& simulation);

/// Keys that somebody has set for a part that is not the chosen one, such as topology.file where
/// topology.name is "full": nothing reads them. Keys that `set` may change in a run are left out, as
/// their part may be chosen later; so are those of a file whose part was chosen anew after it, and
/// values of a file that are the defaults.
std::vector<std::string> UnusedKeyNotes(const Config& config, const Registry& registry);

}  // namespace delstep
