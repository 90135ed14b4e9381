#pragma once
/// This folder's entries in the registry.
#include "delstep/registry.h"

namespace delstep {

/// The mobility `trace`, which reads mobility.file, and the topology `contacts`, which reads
/// topology.file. Errors: kUsage without a file; else those of the readers.
void AddTraces(Registry& registry);

}  // namespace delstep
