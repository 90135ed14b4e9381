#pragma once
#include "console/commands/reply.h"
#include "delstep/simulation.h"

namespace delstep {

/// How many examples of each class the nodes hold, and the entropy of that in bits.
Reply LabelReport(const Simulation& simulation);

}  // namespace delstep
