#pragma once
/// What a run occupies in memory, by kind. Units: bytes. Threads: any, while nobody changes the
/// run.
#include "core/engine/run.h"
#include "delstep/simulation.h"

namespace delstep {

/// Of this process, as the system says; 0 where it does not.
Bytes ResidentBytes();

/// Rows, examples and guestbooks that several nodes share are counted once.
MemoryUse MeasureMemory(const Run& run);

/// What each process of the run holds and has done; empty where it has one. Asks them all.
Result<std::vector<ProcessUse>> MeasureProcesses(const Run& run);

}  // namespace delstep
