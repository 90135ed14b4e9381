#pragma once
/// Checkpoint files of a run with its session.
#include <string>

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
};

/// Replaces the file, and returns its size. `log` is that of the session.
/// Errors: kRefused where the network cannot be saved; kFile, and the old file stays.
Result<Bytes> WriteCheckpointOf(const std::string& file, const Simulation& simulation,
                                const RunPoint& point, const CommandLog& log,
                                const ProgramFacts& program);

}  // namespace delstep
