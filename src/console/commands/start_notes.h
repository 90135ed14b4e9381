#pragma once
#include <string>
#include <vector>

#include "delstep/simulation.h"

namespace delstep {

/// What somebody who has just made a network should know before the first command: nodes without a
/// neighbour; a torus or grid whose number of nodes makes it an odd one. Each note is one line; none
/// where all is well.
std::vector<std::string> StartNotes(const Simulation& simulation);

}  // namespace delstep
