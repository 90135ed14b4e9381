#pragma once
/// In what two worlds differ; see delstep/difference.h. Comparing changes nothing. Threads: any,
/// while nobody changes the worlds.
#include "core/world/world.h"
#include "delstep/difference.h"

namespace delstep {

/// Reads the models of the nodes that do not share one.
Difference Compare(const World& a, const World& b);

}  // namespace delstep
