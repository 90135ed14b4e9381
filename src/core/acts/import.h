#pragma once
/// Models of files into nodes of a run: `import`.
#include <span>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// Simulation::Import().
Result<ImportReport> ImportModels(Run& run, std::span<const ImportRequest> requests);

}  // namespace delstep
