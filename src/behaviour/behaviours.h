#pragma once
/// This folder's entries in the registry.
#include "delstep/registry.h"

namespace delstep {

/// `none`.
void AddBehaviours(Parts<MakeBehaviour>& behaviours);

}  // namespace delstep
