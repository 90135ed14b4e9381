#pragma once
/// Whether a person sits at the other end of a stream.

namespace delstep {

/// Of standard input, output or error, by its number: whether it is a terminal.
///
/// Under mpirun none is: it puts a pseudo-terminal before what a process prints, wherever its own output
/// goes, and nobody's keys come in by it.
bool IsTerminal(int stream);

/// The variable by which srun says how many processes it has started together.
inline constexpr const char* kTasksOfStep = "SLURM_STEP_NUM_TASKS";

/// Whether the environment says that a starter of MPI programs (mpirun, srun) has started this process.
bool StartedByMpi();

}  // namespace delstep
