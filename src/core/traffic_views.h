#pragma once
/// What was sent over each link and at each node, out of the counters of the world. They change
/// nothing. Threads: any, while nobody changes the run.
#include <span>
#include <vector>

#include "core/engine/run.h"
#include "delstep/simulation.h"

namespace delstep {

/// Links that were used, or will be by what waits in an outbox; ascending by (from, to).
std::vector<LinkTrafficView> LinkTrafficOf(const World& world);
/// In the order of `nodes`, which are present. A pass over all links that were used.
std::vector<NodeTrafficView> NodeTrafficOf(const World& world, std::span<const NodeId> nodes);

}  // namespace delstep
