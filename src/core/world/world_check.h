#pragma once
/// What holds of every world, as far as a look at it can tell. The acts keep it so; a world that
/// was read from a file must be asked.
#include "core/world/world.h"
#include "delstep/data.h"
#include "delstep/result.h"

namespace delstep {

/// Looks at each field: numbers of nodes, examples and messages exist, lists are in order, present
/// nodes have models, and whatever the network is going to report is known here. Costs a copy of
/// the network where it can be copied. Errors: kFile, naming the first thing that cannot be.
Result<void> CheckWorld(const World& world, const Dataset& dataset);

}  // namespace delstep
