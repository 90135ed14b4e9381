#pragma once
/// Finds the other processes that were started with this one, by `mpirun` or by `srun`.
#include <memory>
#include <string>

#include "cluster/processes.h"
#include "delstep/result.h"

namespace delstep {

/// The number of this process as the environment has it; 0 where nothing tells.
int MpiNumber();

/// All processes that were started together; null where StartedByMpi() (base/is_terminal.h) says no, and where this is the
/// only one. Call it once, before the program has threads. When the object goes, all processes wait for
/// each other. There may be more than kMostProcesses.
/// Errors: kUnavailable, if this build or machine lacks what it takes, or there should be others and none is
/// found. Also where the processes are of different builds, which might not understand each other: process 0
/// gets the error, and the others null.
Result<std::unique_ptr<Processes>> JoinProcesses();

/// A line of warning, where srun has started several processes and has not told them of each other (no
/// --mpi=pmix): each is then a run of its own. Empty in all but the first of them, and elsewhere.
std::string StarterWarning();

/// "Open MPI 4.1.4". Errors: as of JoinProcesses().
Result<std::string> MpiVersion();

}  // namespace delstep
