#pragma once
/// This folder's entries in the registry.
#include "delstep/registry.h"

namespace delstep {

/// `still` and those of models.h; and, as absent with the reason, `trace`.
void AddMobility(Parts<MakeMobility>& mobility);

}  // namespace delstep
