#pragma once
/// What a run occupies in memory, by kind. Units: bytes. Threads: any, while nobody changes the
/// run.
#include "core/engine/run.h"
#include "delstep/simulation.h"

namespace delstep {

/// Rows, examples and guestbooks that several nodes share are counted once.
MemoryUse MeasureMemory(const Run& run);

}  // namespace delstep
