#include "base/is_terminal.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace delstep {

// Open MPI's mpirun sets the first; srun and others those of PMIx and PMI. Slurm's own variables are no
// sign: a batch script has them too.
bool StartedByMpi() {
  constexpr std::array kVariables = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"};
  return std::ranges::any_of(kVariables,
                             [](const char* name) { return std::getenv(name) != nullptr; });
}

bool IsTerminal(int stream) { return isatty(stream) != 0 && !StartedByMpi(); }

}  // namespace delstep
