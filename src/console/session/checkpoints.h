#pragma once
/// Checkpoint files of a run with its session.
#include <string>

#include "console/history/history.h"
#include "console/session/session_point.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "delstep/snapshot.h"
#include "scenario/config.h"

namespace delstep {

/// What a checkpoint says of the program that wrote it.
struct ProgramFacts {
  std::string version, instruction_set;
  std::string environment;  ///< as in environment.json of a run directory
};

/// All that belongs to one moment of a run.
struct RunPoint {
  SessionPoint session;
  Config config;
  Snapshot moment;  ///< none: the present one of the simulation
  Moments::Point history;
};

/// Replaces the file. `log` and `history` are those of the session. Of the
/// moments of the history as many are in it as Simulation::SaveState() takes.
/// Errors: kRefused where the network cannot be saved; kFile, and the old file stays.
Result<WrittenState> WriteCheckpointOf(const std::string& file, const Simulation& simulation,
                                       const RunPoint& point, const CommandLog& log,
                                       const History& history, const ProgramFacts& program);

}  // namespace delstep
