#pragma once
/// This folder's entries in the registry.
#include "delstep/registry.h"

namespace delstep {

/// `still` and those of models.h; `trace` comes from src/traces.
void AddMobility(Parts<MakeMobility>& mobility);

}  // namespace delstep
