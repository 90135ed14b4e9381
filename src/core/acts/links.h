#pragma once
/// Links that change during a run: `link`, `set network.loss`.
#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// Of all links without properties of their own.
Result<void> ChangeDefaultLink(Run& run, const LinkProperties& link);
/// Loss of all links. Requires 0 <= loss <= 1. Links that differ from the default in nothing then
/// have no properties of their own any more.
Result<void> SetDefaultLoss(Run& run, double loss);
/// See Simulation::ChangeLink.
Result<LinkReport> ChangeLink(Run& run, NodeId a, NodeId b, const LinkChange& change);

}  // namespace delstep
