#pragma once
/// Links and nodes that change during a run. Adding a node is in genesis.h.
#include <cstddef>

#include "core/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// Of all links without properties of their own.
Result<void> ChangeDefaultLink(Run& run, const LinkProperties& link);
/// Loss of all links. Requires 0 <= loss <= 1. Links that differ from the default in nothing then
/// have no properties of their own any more.
Result<void> SetDefaultLoss(Run& run, double loss);
Result<LinkReport> ChangeLink(Run& run, NodeId a, NodeId b, const LinkChange& change);
Result<RemoveReport> RemoveNode(Run& run, NodeId node);
Result<std::size_t> SetUp(Run& run, NodeId node, bool up);

}  // namespace delstep
