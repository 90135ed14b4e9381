#pragma once
/// What a moment of a run costs that is kept beside another one.
#include "core/world/world.h"
#include "delstep/types.h"

namespace delstep {

/// Bytes that `world` holds and `base` does not share, the handles to what they do share included.
/// Rows are left out: pools count those (RowBytes()). So is the inside of the network, which is for
/// the backend to know, but for its messages on the way.
/// Cost: a look at each node's handle, and at the lists of those that differ.
Bytes OwnBytes(const World& world, const World& base);

}  // namespace delstep
