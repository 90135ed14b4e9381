#pragma once
/// Models from outside into nodes of a run: `import` reads them from files, programs give numbers.
#include <span>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// Simulation::Import().
Result<ImportReport> ImportModels(Run& run, std::span<const ImportRequest> requests);
/// Simulation::SetModel(), of a node in no training.
Result<void> ReplaceModel(Run& run, NodeId node, std::span<const float> values);

}  // namespace delstep
