#pragma once
/// The program as one of several processes of a run: `mpirun -n 4 delstep ...`.
#include <memory>

#include "delstep/result.h"

namespace delstep {

class Cluster;

/// Whether this process was started by mpirun and does not lead (cluster/processes.h). Then it has no
/// session: ServeOthers() is all that it does.
bool IsMember();
/// Holds rows and computes until the run is over. Returns the exit code. Errors: those of
/// JoinProcesses().
Result<int> ServeOthers();

/// The processes that this one leads; null where it is alone. Errors: those of JoinProcesses().
Result<std::shared_ptr<Cluster>> LeadProcesses();

}  // namespace delstep
