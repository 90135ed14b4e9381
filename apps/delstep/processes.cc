#include "apps/delstep/processes.h"

#include <utility>

#include "apps/delstep/setup.h"
#include "base/is_terminal.h"
#include "cluster/join.h"
#include "core/cluster/cluster.h"
#include "core/member.h"
#include "delstep/registry.h"
#include "scenario/scenario_bytes.h"

namespace delstep {

bool IsMember() { return StartedByMpi() && MpiNumber() > 0; }

Result<int> ServeOthers() {
  DELSTEP_ASSIGN(const std::unique_ptr<Processes> processes, JoinProcesses());
  const Registry registry = MakeRegistry(UsualDataFolders());
  if (processes)
    ServeRun(*processes, registry,
             [&](std::string_view bytes) { return LoadScenario(bytes, registry); });
  return 0;
}

Result<std::shared_ptr<Cluster>> LeadProcesses() {
  DELSTEP_ASSIGN(std::unique_ptr<Processes> processes, JoinProcesses());
  if (!processes) return std::shared_ptr<Cluster>();
  return std::make_shared<Cluster>(std::move(processes), SaveScenario);
}

}  // namespace delstep
