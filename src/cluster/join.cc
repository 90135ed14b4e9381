#include "cluster/join.h"

#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/beside_program.h"
#include "base/host_name.h"
#include "base/is_terminal.h"
#include "cluster/entry.h"

namespace delstep {
namespace {

Result<const MpiEntry*> LoadPlugin() {
  const std::string built = DELSTEP_MPI_PLUGIN;
  if (built.empty())
    return Unavailable("this program was built without MPI, so a run has one process",
                       "install libopenmpi-dev, then configure and build again");
  const std::filesystem::path plugin = BesideProgram(built);
  std::error_code failed;
  if (!std::filesystem::exists(plugin, failed))
    return Unavailable("the MPI plug-in, " + plugin.string() + ", is not there",
                       InstalledUnder().empty() ? "build all targets, not the program alone"
                                                : "install the package delstep-mpi");
  // For all to see: Open MPI loads parts of its own, which look for it.
  void* handle = dlopen(plugin.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (handle == nullptr)
    return Unavailable(std::string("the MPI plug-in cannot be loaded: ") + dlerror(),
                       "install openmpi-bin");
  const auto* entry = static_cast<const MpiEntry*>(dlsym(handle, kMpiEntryName));
  if (entry == nullptr || std::strcmp(entry->stamp, kMpiStamp) != 0)
    return Unavailable(
        "the MPI plug-in, " + plugin.string() + ", is of another build than this program",
        "build all targets again");
  return entry;
}

}  // namespace

// Each starter has its own name for it; they agree where two are set.
int MpiNumber() {
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"})
    if (const char* number = std::getenv(name)) return std::atoi(number);
  return 0;
}

namespace {

/// How many were started, as the environment has it; 0 where nothing tells.
int MpiSize() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"})
    if (const char* size = std::getenv(name)) return std::atoi(size);
  return 0;
}

constexpr std::string_view kWelcome = "welcome", kGoodbye = "goodbye";

/// Each process says first of all what it is, and process 0 whether they go on together: what else they
/// say may differ between builds. False: not, and another process says why.
Result<bool> Meet(Processes& processes, const std::string& stamp) {
  if (processes.self() > 0) {
    processes.Send(0, stamp + '\n' + HostName());
    return processes.Receive(0) == kWelcome;
  }
  Result<bool> met = true;
  for (int process = 1; process < processes.size(); ++process) {
    const std::string said = processes.Receive(process);
    const std::string theirs = said.substr(0, said.find('\n'));
    if (met && theirs != stamp)
      met = Unavailable("process " + std::to_string(process) + " on " +
                            said.substr(theirs.size() + 1) + " is another build of delstep (" +
                            theirs + ") than process 0 (" + stamp + ")",
                        "install the same version of delstep on all machines");
  }
  for (int process = 1; process < processes.size(); ++process)
    processes.Send(process, met ? kWelcome : kGoodbye);
  return met;
}

}  // namespace

Result<std::unique_ptr<Processes>> JoinProcesses() {
  if (!StartedByMpi()) return std::unique_ptr<Processes>();
  DELSTEP_ASSIGN(const MpiEntry* entry, LoadPlugin());
  const int number = MpiNumber(), size = MpiSize();  // MPI sets them too when it begins
  std::unique_ptr<Processes> processes = entry->join();
  // Of a starter whose processes this MPI does not find each would run the whole, and only one would speak.
  if (processes->size() == 1 && (number > 0 || size > 1))
    return Unavailable("this is process " + std::to_string(number) + " of several, and " +
                           entry->version() +
                           " finds no other: it was started by another MPI than that",
                       "start with the mpirun of Open MPI, or with srun --mpi=pmix");
  // Alone under mpirun: as without it.
  if (processes->size() == 1) return std::unique_ptr<Processes>();
  DELSTEP_ASSIGN(const bool together, Meet(*processes, entry->stamp));
  if (!together) processes.reset();
  return processes;
}

std::string StarterWarning() {
  // Of a step of Slurm; a batch script has no such number of tasks.
  const char* const number = std::getenv("SLURM_PROCID");
  const char* const tasks = std::getenv(kTasksOfStep);
  if (StartedByMpi() || number == nullptr || std::atoi(number) != 0 || tasks == nullptr ||
      std::atoi(tasks) < 2)
    return {};
  return std::string("delstep: warning: srun has started ") + tasks +
         " processes that do not know of each other, so each runs all of it\n"
         "  hint: srun --mpi=pmix makes one run of them\n";
}

Result<std::string> MpiVersion() {
  DELSTEP_ASSIGN(const MpiEntry* entry, LoadPlugin());
  return entry->version();
}

}  // namespace delstep
