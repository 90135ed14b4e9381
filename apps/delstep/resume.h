#pragma once
/// `--resume FILE`: a run that goes on.
#include <string>

#include "apps/delstep/arguments.h"
#include "checkpoint/checkpoint_file.h"
#include "console/history/saved_history.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "scenario/config.h"

namespace delstep {

/// The configuration of the checkpoint, with what the environment and the arguments say of the keys
/// that belong to the machine (KeysBesideResume()). Errors: kFile for damage; kUsage for a value.
Result<Config> ConfigOf(const ReadCheckpoint& checkpoint, const Arguments& arguments,
                        const Registry& registry);

/// The history of the checkpoint, without snapshots; `config` is that of ConfigOf(). Errors: as
/// those.
Result<SavedHistory> HistoryOf(const ReadCheckpoint& checkpoint, const Config& config,
                               const Arguments& arguments, const Registry& registry);

/// The simulation of the checkpoint, and the snapshots of its history. Errors: those of
/// Simulation::Resume(), naming the file; kFile for names and values that no run can have.
Result<std::unique_ptr<Simulation>> ResumeSimulation(const ReadCheckpoint& checkpoint,
                                                     const Config& config, const Registry& registry,
                                                     SavedHistory& history);

/// An error in what the file holds, with the name of the file.
Error OfCheckpoint(const std::string& file, Error error);

/// What may make results differ from those of a run that was never stopped: another program or
/// instruction set. One sentence each.
std::vector<std::string> ResumeNotes(const CheckpointFacts& facts, bool portable);

}  // namespace delstep
