#pragma once
#include <string>
#include <vector>

#include "delstep/simulation.h"

namespace delstep {

/// What somebody who has just made a network should know before the first command: nodes without a
/// neighbour, and a torus that is none. Each note is one line; none where all is well.
std::vector<std::string> StartNotes(const Simulation& simulation);

}  // namespace delstep
