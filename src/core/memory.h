#pragma once
/// What a run occupies in memory, by kind.
#include "core/engine/run.h"
#include "delstep/simulation.h"

namespace delstep {

/// Rows, examples and guestbooks that several nodes share are counted once.
MemoryUse MeasureMemory(const Run& run);

}  // namespace delstep
