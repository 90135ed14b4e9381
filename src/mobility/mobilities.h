#pragma once
/// This folder's entries in the registry.
#include "delstep/registry.h"

namespace delstep {

/// `still`; and, as absent with the reason, `random-waypoint`, `gauss-markov`.
void AddMobility(Parts<MakeMobility>& mobility);

}  // namespace delstep
