#pragma once
/// From arguments to a run that has not begun: a configuration and a simulation, made as the
/// scenario says, or out of the checkpoint of --resume.
#include <memory>
#include <optional>

#include "apps/delstep/arguments.h"
#include "apps/delstep/teller.h"
#include "checkpoint/checkpoint_file.h"
#include "console/history/saved_history.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "scenario/config.h"

namespace delstep {

struct MadeRun {
  /// The registry outlives this.
  explicit MadeRun(const Registry& registry) : config(registry) {}

  Config config;
  std::unique_ptr<Simulation> simulation;
  // With --resume:
  std::optional<SavedHistory> history;    ///< until the session has it
  std::optional<ReadCheckpoint> resumed;  ///< without what has been taken over
};

/// Makes all of it. Tells notes; warnings, under --quiet too; and what takes time, such as the
/// compiler's work on the user's own code. Errors: of the arguments, at their keys; of a checkpoint, with its file. After one `run` is
/// of no use.
Result<void> MakeRun(const Arguments& arguments, const Registry& registry, Teller& teller,
                     MadeRun& run);

}  // namespace delstep
