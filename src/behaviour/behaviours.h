#pragma once
/// This folder's entries in the registry: what nodes can do by themselves, one file each, with its
/// paper and pseudo-code in the header.
///
///   gossip, token       intake.h: what they do with a model that comes
///   d-psgd, epidemic    rounds.h: what they have in common
///   ad-psgd, push-sum, on-encounter
#include "delstep/registry.h"

namespace delstep {

/// Enters all of them, and `none`.
void AddBehaviours(Parts<MakeBehaviour>& behaviours);

}  // namespace delstep
