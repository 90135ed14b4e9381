#pragma once
/// A run as bytes and back. The form of the bytes: docs/internals/checkpoints.md.
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/engine/run.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/saved_state.h"
#include "delstep/scenario.h"

namespace delstep {

/// The first world is the run's own or a moment of it, and the others are further moments, of which
/// as many are saved as fit: see Simulation::SaveState(). Errors: those of Network::Save().
Result<SavedState> SaveRun(const Engine& engine, std::span<const World* const> worlds);

struct ResumedRun {
  std::unique_ptr<Run> run;
  std::vector<std::shared_ptr<const World>> moments;  ///< null: cannot be gone back to here
};
/// The run that was saved: see Simulation::Resume().
Result<ResumedRun> ResumeRun(const Scenario& scenario, const Registry& registry,
                             std::string_view state, std::span<const Scenario* const> settings,
                             const StateFile* file);

}  // namespace delstep
