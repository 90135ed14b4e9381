#include "apps/delstep/processes.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <new>
#include <string>
#include <utility>

#include "apps/delstep/setup.h"
#include "apps/delstep/sweep_elsewhere.h"
#include "base/host_name.h"
#include "base/is_terminal.h"
#include "cluster/join.h"
#include "core/cluster/cluster.h"
#include "core/member.h"
#include "delstep/registry.h"
#include "scenario/catalogue.h"
#include "scenario/scenario_bytes.h"

namespace delstep {
namespace {

// The first word of the leader. After any other one a process ends.
constexpr std::string_view kRun = "run", kSweep = "sweep", kNothing = "nothing";

}  // namespace

bool IsMember() { return StartedByMpi() && MpiNumber() > 0; }

Error OutOfMemory() {
  return Refused(StartedByMpi()
                     ? fmt::format("process {} on {}: out of memory", MpiNumber(), HostName())
                     : "out of memory",
                 "fewer nodes, a smaller model");
}

namespace {

void Serve(Processes& processes) {
  const std::string word = processes.Receive(0);
  const Registry registry = MakeRegistry(UsualDataFolders());
  LookForScenariosIn(ScenarioFolders());
  if (word == kSweep) ServeSweep(processes, registry);
  if (word == kRun)
    ServeRun(processes, registry,
             [&](std::string_view bytes) { return LoadScenario(bytes, registry); });
}

}  // namespace

Result<int> ServeOthers() {
  // A signal that is meant for the run goes to every process (srun, scancel, a limit of time). The leader
  // answers it: it may have a checkpoint to write, with the rows that are here, and ends the others.
  std::signal(SIGTERM, SIG_IGN);
  std::signal(SIGUSR1, SIG_IGN);  // of mpirun, which passes it on to all
  std::signal(SIGINT, SIG_IGN);
  // The leader's settings are those of all, be it one run or the runs of a sweep.
  DropKeysOfEnvironment();
  DELSTEP_ASSIGN(const std::unique_ptr<Processes> processes, JoinProcesses());
  if (!processes) return 0;
  try {
    Serve(*processes);
  } catch (const std::bad_alloc&) {
    std::fputs(ErrorText(OutOfMemory()).c_str(), stderr);
    throw;
  }
  return 0;
}

FellowProcesses::FellowProcesses(std::unique_ptr<Processes> processes)
    : processes_(std::move(processes)) {}

// Whatever made this program end, the others must not wait for it.
FellowProcesses::~FellowProcesses() {
  if (processes_ && !told_) Tell(kNothing);
}

Result<FellowProcesses> FellowProcesses::Find() {
  DELSTEP_ASSIGN(std::unique_ptr<Processes> processes, JoinProcesses());
  FellowProcesses fellows(std::move(processes));
  // Said once, by the first: the others are told that there is nothing to do.
  if (fellows.processes_ && fellows.processes_->size() > kMostProcesses)
    return Unavailable(fmt::format("a run has at most {} processes, not {}", kMostProcesses,
                                   fellows.processes_->size()),
                       "start fewer; each uses all cores that it may");
  return fellows;
}

std::shared_ptr<Cluster> FellowProcesses::ShareRun() {
  if (!processes_) return nullptr;
  Tell(kRun);
  cluster_ = std::make_shared<Cluster>(std::move(processes_), SaveScenario);
  return cluster_;
}

Processes* FellowProcesses::ShareSweep() {
  if (processes_) Tell(kSweep);
  return processes_.get();
}

void FellowProcesses::Tell(std::string_view word) {
  for (int process = 1; process < processes_->size(); ++process) processes_->Send(process, word);
  told_ = true;
}

}  // namespace delstep
