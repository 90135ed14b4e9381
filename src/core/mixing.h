#pragma once
/// How what nodes know has spread in the present cycle: see MixingView in delstep/simulation.h.
#include "core/engine/run.h"
#include "delstep/simulation.h"

namespace delstep {

/// Begins the record of a cycle.
void StartCycleRecord(Run& run);
/// Takes a handle of each model as that of the cycle's beginning, and reads none. Where all models
/// together take more than 256 MiB it takes none: whoever trains so many would need twice the
/// memory.
void KeepCycleStart(Run& run);

/// Reads every model if one has changed.
MixingView MeasureMixing(Run& run);

}  // namespace delstep
